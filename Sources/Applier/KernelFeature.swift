/// Something that weft, or what is built with it, asks of a kernel and of the user who runs it.
package enum KernelFeature: String, CaseIterable, Sendable {
    case kernel
    case privileges
    case networkNamespaces = "network namespaces"
    case mountNamespaces = "mount namespaces"
    case veth, bridge, vxlan, ipip, tun, dummy, vrf, wireguard
    case nftables
    case rawSockets = "raw ICMP sockets"
    case packetSockets = "packet sockets"
    case forwarding = "ip_forward"
    case proxyARP = "proxy_arp"
    case proxyDelay = "proxy_delay"
    case netem, tbf
    case randomDrop = "random drop"
    case nextHops = "nexthop"
    case neighbourTable = "neighbour table"

    /// What would be impossible without it.
    package var purpose: String {
        switch self {
        case .kernel: "everything"
        case .privileges: "apply, lab and test"
        case .networkNamespaces: "containers, and the machines of a lab"
        case .mountNamespaces: "lab and test, which keep namespaces out of the machine's sight"
        case .veth: "containers, and the wires of a lab"
        case .bridge: "the switches of a lab, and the bridged profiles"
        case .vxlan: "encapsulation vxlan"
        case .ipip: "encapsulation ipip"
        case .tun: "encapsulation udp, by a forwarder of its own"
        case .dummy, .vrf, .wireguard: "no profile (for information)"
        case .nftables: "egress masquerade, encapsulation isolated, and published ports"
        case .rawSockets: "probing by ICMP"
        case .packetSockets: "capturing frames"
        case .forwarding: "hosts that route for their containers"
        case .proxyARP: "hosts that answer for 169.254.1.1, the routed containers' gateway"
        case .proxyDelay: "hosts that answer for the gateway at once"
        case .netem: "impaired wires, by weft lab impair and events: any delay, and loss and rates that keep to netem"
        case .tbf: "a rate of an impaired wire where there is no netem"
        case .randomDrop: "loss on an impaired wire where there is no netem"
        case .nextHops: "many gateways on one link at full speed; without it, their routes are sent plainly"
        case .neighbourTable: "telling whether a lab overflows the kernel's neighbour table"
        }
    }

    /// What a reader can do about it.
    package var remedy: String {
        switch self {
        case .kernel: "use Linux"
        case .privileges:
            "run as root, or allow user namespaces: sysctl -w user.max_user_namespaces=15000, on Debian also "
                + "kernel.unprivileged_userns_clone=1, on Ubuntu also kernel.apparmor_restrict_unprivileged_userns=0; "
                + "in a container, give it CAP_SYS_ADMIN and CAP_NET_ADMIN (docker run --privileged)"
        case .networkNamespaces: "a kernel with CONFIG_NET_NS, and sysctl -w user.max_net_namespaces=15000"
        case .mountNamespaces: "in a container, allow mount(2) (docker run --privileged)"
        case .veth, .bridge, .vxlan, .ipip, .dummy, .vrf, .wireguard: "as root: modprobe \(rawValue)"
        case .tun: "as root: modprobe tun, chmod 666 /dev/net/tun; in a container, give it that device"
        case .nftables: "as root: modprobe -a nf_tables nft_masq nft_nat nft_fib_inet nft_ct"
        case .netem, .tbf: "as root: modprobe sch_\(rawValue)"
        case .randomDrop: "as root: modprobe -a nf_tables nft_numgen, on a kernel with CONFIG_NETFILTER_INGRESS"
        case .rawSockets, .packetSockets: "in a container, give it CAP_NET_RAW"
        case .forwarding, .proxyARP, .proxyDelay:
            "in a container, have /proc/sys mounted for writing (docker run --privileged)"
        case .nextHops: "Linux 5.3 or later"
        case .neighbourTable: "Linux 4.3 or later; without it 1,024 entries are assumed"
        }
    }
}

/// What came of trying one feature.
package struct FeatureTrial: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        /// With more about it, where there is more.
        case works(String? = nil)
        /// With what the kernel said.
        case missing(String)
        /// For want of another feature.
        case untried(KernelFeature)
    }

    package let feature: KernelFeature
    package let result: Result

    package init(_ feature: KernelFeature, _ result: Result) {
        self.feature = feature
        self.result = result
    }

    package var works: Bool { if case .works = result { true } else { false } }
}
