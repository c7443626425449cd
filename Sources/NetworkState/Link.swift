/// A network device: `ip link`. A declaration leaves open whatever is nil.
package struct Link: Entry {
    /// One end's view of a veth pair's other end.
    package struct Peer: Hashable, Sendable {
        package let netns: Netns
        package let name: LinkName

        package init(netns: Netns, name: LinkName) {
            self.netns = netns
            self.name = name
        }
    }

    package enum Kind: Hashable, Sendable {
        case loopback
        case bridge
        /// `peer` is nil where the other end lies in a namespace that was not looked at.
        case veth(peer: Peer?)
        /// Any other, by the kernel's word (`IFLA_INFO_KIND`); a physical device has an empty one.
        case other(String)

        /// The word after `type`.
        package var word: String {
            switch self {
            case .loopback: "loopback"
            case .bridge: "bridge"
            case .veth: "veth"
            case .other(let word): word
            }
        }
    }

    /// How a link makes its IPv6 link-local address: `IN6_ADDR_GEN_MODE_*` in linux/if_link.h.
    package enum AddrGenMode: UInt8, Hashable, Sendable {
        case eui64 = 0
        case none = 1
        case stableSecret = 2
        case random = 3

        package var word: String {
            switch self {
            case .eui64: "eui64"
            case .none: "none"
            case .stableSecret: "stable_secret"
            case .random: "random"
            }
        }
    }

    package var name: LinkName
    package var kind: Kind?
    package var mtu: UInt32?
    package var address: MACAddress?
    /// The bridge it is a port of.
    package var controller: LinkName?
    package var alias: String?
    package var addrGenMode: AddrGenMode?
    package var isUp: Bool?

    package init(
        name: LinkName,
        kind: Kind? = nil,
        mtu: UInt32? = nil,
        address: MACAddress? = nil,
        controller: LinkName? = nil,
        alias: String? = nil,
        addrGenMode: AddrGenMode? = nil,
        isUp: Bool? = nil
    ) {
        self.name = name
        self.kind = kind
        self.mtu = mtu
        self.address = address
        self.controller = controller
        self.alias = alias
        self.addrGenMode = addrGenMode
        self.isUp = isUp
    }

    package var identity: LinkName { name }

    /// The other end of a veth pair, where it is known.
    package var peer: Peer? {
        if case .veth(let peer) = kind { peer } else { nil }
    }

    /// Whether this is the end from which a veth pair is made and removed: the one that sorts first, a host's before
    /// its container's. The other end comes and goes with it. Every other link is made by itself.
    package func isMadeByItself(in netns: Netns) -> Bool {
        guard let peer else { return true }
        return (netns, name) < (peer.netns, peer.name)
    }

    /// The MTU to create it with.
    ///
    /// A bridge follows its ports' MTU until it is given another than it has (`br_change_mtu` in
    /// net/bridge/br_device.c), so it starts one off and gets its own afterwards.
    package var initialMTU: UInt32? {
        kind == .bridge ? mtu.map { $0 ^ 1 } : mtu
    }

    package func isSatisfied(by observed: Link) -> Bool {
        isReachable(from: observed)
            && agrees(mtu, observed.mtu)
            && agrees(address, observed.address)
            && agrees(controller, observed.controller)
            && agrees(alias, observed.alias)
            && agrees(addrGenMode, observed.addrGenMode)
            && agrees(isUp, observed.isUp)
    }

    /// A link's kind, and where its other end lies, are settled at its creation.
    package func isReachable(from observed: Link) -> Bool {
        agrees(kind, observed.kind)
    }

    private func agrees<Value: Equatable>(_ declared: Value?, _ observed: Value?) -> Bool {
        declared == nil || declared == observed
    }
}
