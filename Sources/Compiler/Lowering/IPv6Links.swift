import NetworkState

// What a link needs for IPv6 beside its global addresses.
extension ValidTopology {
    /// IPv6 on `link`, which makes no address by itself: its link-local address, and settings that a new namespace may
    /// have inherited otherwise.
    ///
    /// A machine that forwards asks for its neighbours from the link-local address (`ndisc_send_ns` in
    /// net/ipv6/ndisc.c sends nothing without). It is usable at once, as all of weft's are, and not after the second
    /// that duplicate address detection takes (RFC 4862 §5.4): addresses are assigned without duplicates.
    func declareIPv6(
        on link: Link, in netns: Netns = .own, at pointer: JSONPointer, _ declaration: inout Declaration
    ) {
        let settings = Sysctl.settings(of: link.name.text, .v6)
        // Nobody on these links announces routes, and what an intruder announces must not count.
        for (key, value) in [("disable_ipv6", "0"), ("accept_ra", "0"), ("accept_dad", "0")] {
            declaration.declare(.sysctl(Sysctl("\(settings)/\(key)", value)), in: netns, at: pointer)
        }
        guard let mac = link.address, let prefix = IPPrefix(IPAddress(linkLocalOf: mac), length: 64) else { return }
        let address = Address(prefix, device: link.name, scope: .link, isNoDAD: true)
        declaration.declare(.address(address), in: netns, at: pointer)
    }
}
