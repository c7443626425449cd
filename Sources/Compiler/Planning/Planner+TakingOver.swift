import NetworkState

extension Planner {
    /// Why `present`, which is foreign, stays where `declared` should be, and what to do about it; nil if it gives way.
    func reasonNotToTakeOver(_ present: Resource, for declared: Resource) -> String? {
        if !canBeGivenBack(present, after: declared) {
            return "held by \(present.holder), which weft could not give back: remove it first"
        }
        return takesOver ? nil : "held by \(present.holder); --take-over to replace"
    }

    /// Whether all of `present` is known that it takes to have it again after `declared`.
    private func canBeGivenBack(_ present: Resource, after declared: Resource) -> Bool {
        switch present {
        case .link(let link): declared.isReachable(from: present) || link.canBeMadeAgain
        case .route(let route): !route.isToldInPart
        case .netns, .sysctl, .address, .neighbour, .fdb, .table, .nextHop: true
        }
    }
}

extension Link {
    /// Whether a link of its kind can be made with no more than is told here: the other end of a veth pair is a link
    /// with attributes of its own, and most other kinds have parameters that weft does not know.
    var canBeMadeAgain: Bool {
        switch kind {
        case .bridge, .vxlan, .tun: true
        case .other(let word): word == "dummy"
        case .loopback, .veth, .ipip, nil: false
        }
    }
}

extension Resource {
    /// Whose it is, as far as the kernel tells.
    var holder: String {
        switch self {
        case .netns, .sysctl: "somebody else"
        case .link(let link): link.holder
        case .address(let address):
            address.protocol.map { "proto \(Address.protocolName($0))" } ?? "an address of scope \(address.scope)"
        case .neighbour(let neighbour):
            neighbour.protocol.map { "proto \($0)" }
                ?? neighbour.linkLayerAddress.map { "lladdr \($0)" } ?? "nud \(neighbour.state.rawValue)"
        case .fdb(let entry): "dst \(entry.remote)"
        case .table: "a table of that name"
        case .nextHop(let object): "proto \(object.protocol)"
        case .route(let route): "proto \(route.protocol)"
        }
    }
}

extension Link {
    fileprivate var holder: String {
        if let alias, !alias.isEmpty { return "alias '\(alias)'" }
        let word = kind?.word ?? ""
        return word.isEmpty ? "a physical link" : "a \(word) link"
    }
}

extension Address {
    /// `IFAPROT_*` in linux/if_addr.h, as iproute2 names them.
    fileprivate static func protocolName(_ number: UInt8) -> String {
        switch number {
        case 1: "kernel_lo"
        case 2: "kernel_ra"
        case 3: "kernel_ll"
        default: String(number)
        }
    }
}
