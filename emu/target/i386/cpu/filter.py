"""Which features a CPU has in the end: what follows from others is settled, what TCG has not goes (target/i386/cpu.c)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from emu.qom.object import OBJECT, object_property_set_bool
from emu.sysemu.accel import tcg_enabled
from emu.target.i386.cpu.command_line import feature_statics
from emu.target.i386.cpu.models import feature_names, feature_words
from emu.target.i386.cpu.structs import X86CPU
from emu.trace import emulates
from emu.util.error_report import warn_report

CPUID_EXT_XSAVE: Final = 1 << 26
CPUID_XSTATE_XCR0_MASK: Final = sum(1 << bit for bit in (0, 1, 2, 3, 4, 5, 6, 7, 9, 17, 18))
CPUID_XSTATE_XSS_MASK: Final = 1 << 15
LOW: Final = 0xFFFFFFFF
ALL: Final = 0xFFFFFFFFFFFFFFFF


class FeatureWord(NamedTuple):
    """A word of features: the register that tells it, what TCG has, what may move, what only an explicit wish sets."""

    where: str
    tcg: int
    migratable: int
    unmigratable: int
    no_autoenable: int


class FeatureTables(NamedTuple):
    """``feature_word_info``, ``feature_dependencies`` and ``x86_ext_save_areas``, words by their number."""

    words: tuple[FeatureWord, ...]
    dependencies: tuple[tuple[int, int, int, int], ...]
    save_areas: tuple[tuple[int, int], ...]


@cache
def feature_tables() -> FeatureTables:
    """Return the tables of target/i386/cpu.c."""
    data = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
    index = feature_words().index
    return FeatureTables(
        tuple(FeatureWord(**data["words"][name]) for name in feature_words()),
        tuple((index(first), has, index(then), may) for first, has, then, may in data["dependencies"]),
        tuple((index(word), bits) for word, bits in data["save_areas"]),
    )


@cache
def _names(w: int) -> dict[int, str]:
    return {bit: name for word, bit, name in feature_names() if word == w}


def x86_cpu_get_migratable_flags(w: int) -> int:
    """Return the features of a word that can move to another host: those that have a name, unless said otherwise."""
    word = feature_tables().words[w]
    named = sum(1 << bit for bit in _names(w))
    return word.migratable | named & ~word.unmigratable


def x86_cpu_get_supported_feature_word(w: int, migratable_only: bool) -> int:
    """Return the features of a word that the accelerator has: one that runs no guest takes all."""
    if not tcg_enabled():
        return ALL
    r = feature_tables().words[w].tcg
    return r & x86_cpu_get_migratable_flags(w) if migratable_only else r


def _set(cpu: X86CPU, w: int, value: int) -> None:
    if cpu.env.features[w] != value:
        cpu.env.features[w] = value


def mark_unavailable_features(cpu: X86CPU, w: int, mask: int, verbose_prefix: str | None) -> None:
    """Take features away and note them; say so, if there are words to say it in."""
    if not mask:
        return
    if not cpu.force_features:
        _set(cpu, w, cpu.env.features[w] & ~mask)
    cpu.filtered_features[w] |= mask

    if verbose_prefix is None:
        return
    where = feature_tables().words[w].where
    for i in range(64):
        if mask >> i & 1:
            name = _names(w).get(i)
            warn_report(f"{verbose_prefix}: {where}{f'.{name}' if name is not None else ''} [bit {i}]")


@emulates
def x86_cpu_enable_xsave_components(cpu: X86CPU) -> None:
    """Have the parts of the saved state that features need."""
    features, index = cpu.env.features, feature_words().index
    mask = 0
    if features[index("FEAT_1_ECX")] & CPUID_EXT_XSAVE:
        for i, (word, bits) in enumerate(feature_tables().save_areas):
            if features[word] & bits:
                mask |= 1 << i
    _set(cpu, index("FEAT_XSAVE_XCR0_LO"), mask & CPUID_XSTATE_XCR0_MASK & LOW)
    _set(cpu, index("FEAT_XSAVE_XCR0_HI"), (mask & CPUID_XSTATE_XCR0_MASK) >> 32)
    _set(cpu, index("FEAT_XSAVE_XSS_LO"), mask & CPUID_XSTATE_XSS_MASK & LOW)
    _set(cpu, index("FEAT_XSAVE_XSS_HI"), (mask & CPUID_XSTATE_XSS_MASK) >> 32)


@emulates
def x86_cpu_expand_features(cpu: X86CPU) -> None:
    """Add what ``+``, ``-`` and ``max`` ask for, and settle what follows. Error: there is no such feature."""
    env, tables = cpu.env, feature_tables()
    for prop in feature_statics().plus_features:
        object_property_set_bool(OBJECT(cpu), prop, True)
    for prop in feature_statics().minus_features:
        object_property_set_bool(OBJECT(cpu), prop, False)

    if cpu.max_features:
        for w, word in enumerate(tables.words):
            supported = x86_cpu_get_supported_feature_word(w, cpu.migratable)
            _set(cpu, w, env.features[w] | supported & ~env.user_features[w] & ~word.no_autoenable)

    for first, has, then, may in tables.dependencies:
        if not env.features[first] & has:
            unavailable = env.features[then] & may
            reason = "This feature depends on other features that were not requested"
            mark_unavailable_features(cpu, then, unavailable & env.user_features[then], reason)
            _set(cpu, then, env.features[then] & ~unavailable)

    _set(cpu, feature_words().index("FEAT_KVM"), 0)

    x86_cpu_enable_xsave_components(cpu)


@emulates
def x86_cpu_filter_features(cpu: X86CPU, verbose: bool) -> None:
    """Drop the features that the accelerator does not offer; with a warning for each, if asked for."""
    prefix = "TCG doesn't support requested feature" if verbose else None
    for w in range(len(feature_words())):
        mark_unavailable_features(cpu, w, cpu.env.features[w] & ~x86_cpu_get_supported_feature_word(w, False), prefix)


def x86_cpu_have_filtered_features(cpu: X86CPU) -> bool:
    """Tell whether anything was dropped."""
    return any(cpu.filtered_features)
