extension Link {
    package var attributes: [Attribute] {
        [
            kind.flatMap { $0.word.isEmpty || $0 == .loopback ? nil : Attribute("type", $0.word) }
        ].compactMap(\.self) + (kind?.attributes ?? []) + settings
    }

    private var settings: [Attribute] {
        [
            peer.map { Attribute("peer", $0) },
            mtu.map { Attribute("mtu", $0) },
            address.map { Attribute("address", $0) },
            controller.map { Attribute("master", $0) },
            alias.map { Attribute("alias", $0) },
            addrGenMode.map { Attribute("addrgenmode", $0.word) },
            isUp.map { Attribute(flag: $0 ? "up" : "down") },
        ].compactMap(\.self)
    }

    package var jsonMembers: KeyValuePairs<String, JSON?> {
        [
            "name": .string(name.text),
            "kind": kind.map { .string($0.word) },
            "vxlan": kind?.vxlan?.json,
            "peer": peer.map {
                .members(["name": .string($0.name.text), "netns": $0.netns.name.map(JSON.string)])
            },
            "mtu": mtu.map { .integer(Int64($0)) },
            "address": address.map { .string($0.description) },
            "master": membership?.json,
            "alias": alias.map(JSON.string),
            "addrgenmode": addrGenMode.map { .string($0.word) },
            "up": isUp.map(JSON.bool),
        ]
    }

    package init?(json: JSON) {
        guard let name = json["name"]?.string.flatMap({ LinkName($0) }) else { return nil }
        self.init(
            name: name,
            kind: json["kind"]?.string.map { word in
                Kind(
                    word: word, peer: json["peer"].flatMap(Peer.init(json:)),
                    vxlan: json["vxlan"].flatMap(VXLAN.init(json:)))
            },
            mtu: json["mtu"]?.integer.flatMap(UInt32.init(exactly:)),
            address: json["address"]?.string.flatMap { MACAddress(parsing: $0) },
            membership: json["master"].flatMap(Membership.init(json:)),
            alias: json["alias"]?.string,
            addrGenMode: json["addrgenmode"]?.string.flatMap(AddrGenMode.init(word:)),
            isUp: json["up"]?.bool
        )
    }
}

extension Link.Kind {
    /// The kind that the kernel, or a ledger, calls `word`.
    package init(word: String, peer: Link.Peer? = nil, vxlan: Link.VXLAN? = nil) {
        switch word {
        case "loopback": self = .loopback
        case "bridge": self = .bridge
        case "veth": self = .veth(peer: peer)
        case "vxlan": self = vxlan.map(Self.vxlan) ?? .other(word)
        case "ipip": self = .ipip
        case "tun": self = .tun
        default: self = .other(word)
        }
    }

    fileprivate var vxlan: Link.VXLAN? { if case .vxlan(let vxlan) = self { vxlan } else { nil } }

    /// What goes with its word at creation and is settled then.
    package var attributes: [Attribute] { vxlan?.attributes ?? [] }
}

extension Link.Membership {
    /// A bridge's name, or null.
    fileprivate var json: JSON {
        switch self {
        case .none: .null
        case .port(let controller): .string(controller.text)
        }
    }

    fileprivate init?(json: JSON) {
        if json == .null {
            self = .none
        } else {
            guard let controller = json.string.flatMap({ LinkName($0) }) else { return nil }
            self = .port(of: controller)
        }
    }
}

extension Link.AddrGenMode {
    init?(word: String) {
        guard let mode = [.eui64, .none, .stableSecret, .random].first(where: { (mode: Self) in mode.word == word })
        else { return nil }
        self = mode
    }
}

extension Link.Peer: CustomStringConvertible {
    init?(json: JSON) {
        guard let name = json["name"]?.string.flatMap({ LinkName($0) }) else { return nil }
        self.init(netns: json["netns"]?.string.map(Netns.named) ?? .own, name: name)
    }

    /// `eth0 netns A1`
    package var description: String {
        netns.name.map { "\(name) netns \($0)" } ?? name.text
    }
}
