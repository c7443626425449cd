import NetworkState

extension Resource {
    /// Everything in it that may be an end's: `link` is called for each link that it speaks of, `word` for all else. Addresses that
    /// are in a prefix are not named by it.
    func visit(link: (String) -> Void, word: (Word) -> Void) {
        switch self {
        case .netns: break
        case .link(let value): value.visit(link, word)
        case .sysctl(let value): value.linkAndName.map { link(String($0.link)) }
        case .address(let value):
            link(value.device.text)
            word(.address(value.prefix.address))
        case .neighbour(let value):
            link(value.device.text)
            word(.address(value.address))
            value.linkLayerAddress.map { word(.linkLayerAddress($0)) }
        case .fdb(let value):
            link(value.device.text)
            word(.linkLayerAddress(value.linkLayerAddress))
            word(.address(value.remote))
        case .table(let value):
            for text in Tokens(value.text).words {
                link(text)
                word(IPAddress(parsing: text).map(Word.address) ?? .node(text))
            }
        case .nextHop(let value):
            link(value.device.text)
            word(.address(value.gateway))
        case .route(let value): value.visit(link, word)
        }
    }

    /// The same of somebody else.
    func renamed(by renaming: Renaming) -> Resource {
        switch self {
        case .netns: self
        case .link(let value): .link(value.renamed(by: renaming))
        case .sysctl(let value): .sysctl(value.renamed(by: renaming))
        case .address(let value): .address(value.renamed(by: renaming))
        case .neighbour(let value): .neighbour(value.renamed(by: renaming))
        case .fdb(let value): .fdb(value.renamed(by: renaming))
        case .table(let value): .table(NATTable(name: value.name, text: renaming(value.text)))
        // No host declares any.
        case .nextHop: self
        case .route(let value): .route(value.renamed(by: renaming))
        }
    }
}

extension Link {
    fileprivate func visit(_ link: (String) -> Void, _ word: (Word) -> Void) {
        link(name.text)
        for name in lowerLinks { link(name.text) }
        if let peer {
            link(peer.name.text)
            peer.netns.name.map { word(.node($0)) }
        }
        address.map { word(.linkLayerAddress($0)) }
        if case .vxlan(let vxlan) = kind { vxlan.local.map { word(.address($0)) } }
    }

    /// What is written on it for people is left out.
    fileprivate func renamed(by renaming: Renaming) -> Link {
        var other = self
        other.name = renaming(name)
        other.address = address.map { renaming($0) }
        other.alias = nil
        if case .port(let bridge) = membership { other.membership = .port(of: renaming(bridge)) }
        switch kind {
        case .veth(let peer?): other.kind = .veth(peer: renaming(peer))
        case .vxlan(let vxlan):
            other.kind = .vxlan(
                VXLAN(
                    id: vxlan.id, local: vxlan.local.map { renaming($0) }, parent: vxlan.parent.map { renaming($0) },
                    port: vxlan.port, learnsAddresses: vxlan.learnsAddresses))
        case .loopback, .bridge, .veth(nil), .ipip, .tun, .other, nil: break
        }
        return other
    }
}

extension Address {
    fileprivate func renamed(by renaming: Renaming) -> Address {
        var other = self
        other.device = renaming(device)
        other.prefix = renaming(prefix)
        return other
    }
}

extension Neighbour {
    fileprivate func renamed(by renaming: Renaming) -> Neighbour {
        var other = self
        other.device = renaming(device)
        other.address = renaming(address)
        other.linkLayerAddress = linkLayerAddress.map { renaming($0) }
        return other
    }
}

extension ForwardingEntry {
    fileprivate func renamed(by renaming: Renaming) -> ForwardingEntry {
        var other = self
        other.device = renaming(device)
        other.linkLayerAddress = renaming(linkLayerAddress)
        other.remote = renaming(remote)
        return other
    }
}

extension Route {
    fileprivate func visit(_ link: (String) -> Void, _ word: (Word) -> Void) {
        if destination.isHost { word(.address(destination.address)) }
        preferredSource.map { word(.address($0)) }
        nextHop.visit(link, word)
        for hop in otherNextHops { hop.visit(link, word) }
    }

    fileprivate func renamed(by renaming: Renaming) -> Route {
        var other = self
        if destination.isHost { other.destination = renaming(destination) }
        other.preferredSource = preferredSource.map { renaming($0) }
        other.nextHop = nextHop.renamed(by: renaming)
        if !otherNextHops.isEmpty { other.otherNextHops = otherNextHops.map { $0.renamed(by: renaming) } }
        return other
    }
}

extension Route.NextHop {
    fileprivate func visit(_ link: (String) -> Void, _ word: (Word) -> Void) {
        gateway.map { word(.address($0)) }
        device.map { link($0.text) }
    }

    fileprivate func renamed(by renaming: Renaming) -> Route.NextHop {
        Route.NextHop(gateway: gateway.map { renaming($0) }, device: device.map { renaming($0) }, isOnLink: isOnLink)
    }
}

extension Sysctl {
    /// The link that it is of, or `all` or `default`, and what it sets there: the last two of five steps.
    var linkAndName: (link: Substring, name: Substring)? {
        let bytes = key.utf8
        guard let last = bytes.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        var start = bytes.startIndex
        for _ in 0..<3 {
            guard let slash = bytes[start...].firstIndex(of: UInt8(ascii: "/")) else { return nil }
            start = bytes.index(after: slash)
        }
        return start < last ? (key[start..<last], key[bytes.index(after: last)...]) : nil
    }

    fileprivate func renamed(by renaming: Renaming) -> Sysctl {
        guard let text = linkAndName?.link, let link = renaming.link, text == link.text else { return self }
        var other = self
        other.key = key[..<text.startIndex] + renaming(link).text + key[text.endIndex...]
        return other
    }
}
