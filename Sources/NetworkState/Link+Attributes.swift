extension Link {
    package var attributes: [Attribute] {
        [
            kind.flatMap { $0.word.isEmpty || $0 == .loopback ? nil : Attribute("type", $0.word) },
            peer.map { Attribute("peer", $0) },
            mtu.map { Attribute("mtu", $0) },
            address.map { Attribute("address", $0) },
            controller.map { Attribute("master", $0) },
            alias.map { Attribute("alias", $0) },
            addrGenMode.map { Attribute("addrgenmode", $0.word) },
            isUp.map { Attribute(flag: $0 ? "up" : "down") },
        ].compactMap(\.self)
    }

    package var json: JSON {
        .members([
            "name": .string(name.text),
            "kind": kind.map { .string($0.word) },
            "peer": peer.map {
                .members(["name": .string($0.name.text), "netns": $0.netns.name.map(JSON.string)])
            },
            "mtu": mtu.map { .integer(Int64($0)) },
            "address": address.map { .string($0.description) },
            "master": controller.map { .string($0.text) },
            "alias": alias.map(JSON.string),
            "addrgenmode": addrGenMode.map { .string($0.word) },
            "up": isUp.map(JSON.bool),
        ])
    }

    package init?(json: JSON) {
        guard let name = json["name"]?.string.flatMap({ LinkName($0) }) else { return nil }
        self.init(
            name: name,
            kind: json["kind"]?.string.map { Kind(word: $0, peer: json["peer"].flatMap(Peer.init(json:))) },
            mtu: json["mtu"]?.integer.flatMap(UInt32.init(exactly:)),
            address: json["address"]?.string.flatMap { MACAddress(parsing: $0) },
            controller: json["master"]?.string.flatMap { LinkName($0) },
            alias: json["alias"]?.string,
            addrGenMode: json["addrgenmode"]?.string.flatMap(AddrGenMode.init(word:)),
            isUp: json["up"]?.bool
        )
    }
}

extension Link.Kind {
    /// The kind that the kernel, or a ledger, calls `word`.
    package init(word: String, peer: Link.Peer?) {
        switch word {
        case "loopback": self = .loopback
        case "bridge": self = .bridge
        case "veth": self = .veth(peer: peer)
        default: self = .other(word)
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
