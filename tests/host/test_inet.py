"""Addresses in text, as the C library reads them."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emu.host.inet import inet_aton, inet_ntoa, inet_pton6


@given(st.text(alphabet="0123456789.xXabf ", max_size=18))
def test_inet_aton_is_glibcs(text: str) -> None:
    try:
        wanted: int | None = int.from_bytes(socket.inet_aton(text), "big")
    except OSError:
        wanted = None
    assert inet_aton(text) == wanted


@given(st.integers(0, 0xFFFFFFFF))
def test_inet_ntoa_is_read_back(address: int) -> None:
    assert inet_aton(inet_ntoa(address)) == address


@pytest.mark.parametrize(
    "text", ["", "::", "fec0::2", "::ffff:1.2.3.4", "1::2::3", "12345::", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9"]
)
def test_inet_pton6_is_the_librarys(text: str) -> None:
    try:
        wanted: bytes | None = socket.inet_pton(socket.AF_INET6, text)
    except OSError:
        wanted = None
    assert inet_pton6(text) == wanted
