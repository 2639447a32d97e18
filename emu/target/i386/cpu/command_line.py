"""``-cpu MODEL,FEATURE...`` (target/i386/cpu.c)."""

from __future__ import annotations

from emu.hw.core.qdev_properties import qdev_prop_register_global
from emu.qapi.error import error_setg
from emu.qom.object import GlobalProperty
from emu.trace import Seq, Struct, emulates, per_run, seq
from emu.util.cutils import qemu_strtosz_metric
from emu.util.error_report import warn_report


class FeatureStatics(Struct):
    """Features that ``+`` and ``-`` ask for; the text is parsed once."""

    cpu_globals_initialized: bool = False
    plus_features: Seq[str] = seq()
    minus_features: Seq[str] = seq()


feature_statics = per_run(FeatureStatics)


@emulates
def x86_cpu_parse_featurestr(typename: str, features: str | None) -> None:
    """Turn the features that follow a model into global properties. Error: a frequency that is no number."""
    own = feature_statics()
    if own.cpu_globals_initialized:
        return
    own.cpu_globals_initialized = True
    ambiguous = False
    for feature in (features or "").split(","):
        if not feature:
            continue
        if feature[0] in "+-":
            (own.plus_features if feature[0] == "+" else own.minus_features).append(feature[1:])
            continue
        name, eq, val = feature.partition("=")
        val = val if eq else "on"
        name = name.replace("_", "-")
        for sign, listed in (("+", own.plus_features), ("-", own.minus_features)):
            if name in listed:
                warn_report(f'Ambiguous CPU model string. Don\'t mix both "{sign}{name}" and "{name}={val}"')
                ambiguous = True
        if name == "tsc-freq":
            try:
                val = str(qemu_strtosz_metric(val))
            except ValueError:
                error_setg(f"bad numerical value {val}")
            name = "tsc-frequency"
        qdev_prop_register_global(GlobalProperty(driver=typename, property=name, value=val))
    if ambiguous:
        warn_report("Compatibility of ambiguous CPU model strings won't be kept on future QEMU versions")
