import NetworkState

/// How Calico uses IPIP.
enum IPIPConvention {
    /// The link that the kernel's module puts into every namespace, to anywhere (felix, `ipip_mgr.go`).
    static let device = LinkName(known: "tunl0")
}

extension ValidTopology {
    /// The kernel's own tunnel link, set up. It has no entries: a route's gateway is the address of the outer packet.
    func declareIPIPTunnel(of host: Host, in declaration: inout Declaration) {
        guard !host.blocks.isEmpty else { return }
        let link = Link(name: IPIPConvention.device, kind: .ipip, mtu: mtu, isUp: true)
        declareTunnel(link, of: host, in: &declaration)
    }
}
