"""Client networks: the address prefix by which limits count."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

IPV6_NETWORK = 64
"""One customer of a provider gets a whole /64, so its addresses count as one."""


def forwarded(remote: str, header: str, proxies: int) -> str:
    """The address behind so many trusted proxies. `told` is X-Forwarded-For: only the last entries can be trusted."""
    entries = [part.strip() for part in header.split(",") if part.strip()]
    return entries[-proxies][:64] if proxies and len(entries) >= proxies else remote


def network(address: str) -> str:
    """`address`, or its /64 when it is IPv6. A text that is no address counts as it is written."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return f"{IPv6Address(int(found) >> IPV6_NETWORK << IPV6_NETWORK)}/{IPV6_NETWORK}"
