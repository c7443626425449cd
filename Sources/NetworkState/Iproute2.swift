extension Change {
    /// The commands that do by hand what this change does: `ip`, `bridge`, `sysctl` or `nft`. None for the second end of a veth pair
    /// that goes with the first.
    package var commands: [String] {
        switch (before, after) {
        case (nil, let after?): additionCommands(after)
        case (let before?, nil): removalCommands(before)
        case (let before?, let after?):
            action == .change
                ? changeCommands(from: before, to: after) : removalCommands(before) + additionCommands(after)
        case (nil, nil): []
        }
    }

    private var ip: String { command("ip") }
    private var bridge: String { command("bridge") }

    private func command(_ program: String) -> String {
        if netns.isFile { return "\(entrance) \(program)" }
        return netns.name.map { "\(program) -n \(shellQuoted($0))" } ?? program
    }

    /// What a command line begins with that is to run in the namespace; nothing for the host's own.
    private var entrance: String {
        guard let name = netns.name else { return "" }
        return netns.isFile ? "nsenter --net=\(shellQuoted(name))" : "ip netns exec \(shellQuoted(name))"
    }

    private func additionCommands(_ resource: Resource) -> [String] {
        switch resource {
        case .netns: netns.name.map { ["ip netns add \(shellQuoted($0))"] } ?? []
        case .link(let link): linkAdditionCommands(link)
        case .address(let address):
            [joined(ip, "address add", address.prefix, "dev", quoted(address.device), address.attributes.text)]
        case .route(let route): ["\(ip) route add \(routeText(route))"]
        default: replacementCommands(resource)
        }
    }

    private func changeCommands(from before: Resource, to after: Resource) -> [String] {
        guard case .link(let before) = before, case .link(let after) = after else { return replacementCommands(after) }
        return linkChangeCommands(from: before, to: after)
    }

    private func replacementCommands(_ resource: Resource) -> [String] {
        let attributes = resource.attributes.text
        return switch resource {
        case .netns, .link: []
        case .address(let address):
            [joined(ip, "address change", address.prefix, "dev", quoted(address.device), attributes)]
        case .neighbour(let neighbour):
            [joined(ip, "neighbour replace", neighbour.address, "dev", quoted(neighbour.device), attributes)]
        case .fdb(let entry): [forwardingCommand("replace", entry)]
        case .nextHop(let object):
            [joined(ip, "nexthop replace id", object.id, object.attributes.map(shellWord).joined(separator: " "))]
        case .table(let table): [inside("nft", table.replacementLine)]
        case .route(let route): ["\(ip) route replace \(routeText(route))"]
        case .sysctl(let sysctl): [sysctlCommand(sysctl)]
        }
    }

    private func removalCommands(_ resource: Resource) -> [String] {
        switch resource {
        case .netns: netns.name.map { ["ip netns delete \(shellQuoted($0))"] } ?? []
        case .link(let link): link.isMadeByItself(in: netns) ? ["\(ip) link delete dev \(quoted(link.name))"] : []
        case .address(let address): ["\(ip) address delete \(address.prefix) dev \(quoted(address.device))"]
        case .neighbour(let neighbour): ["\(ip) neighbour delete \(neighbour.address) dev \(quoted(neighbour.device))"]
        case .fdb(let entry): [forwardingCommand("delete", entry)]
        case .nextHop(let object): ["\(ip) nexthop delete id \(object.id)"]
        case .table(let table): [inside("nft delete table inet", table.name)]
        case .route(let route): ["\(ip) route delete \(routeText(route))"]
        case .sysctl: []
        }
    }

    private func linkAdditionCommands(_ link: Link) -> [String] {
        let creation = link.isMadeByItself(in: netns) && link.kind != .loopback ? [linkCreationCommand(link)] : []
        var made = Link(name: link.name, kind: link.kind, isUp: false)
        if !creation.isEmpty {
            (made.mtu, made.address) = link.kind == .tun ? (nil, nil) : (link.initialMTU, link.address)
        }
        return creation + linkChangeCommands(from: made, to: link)
    }

    private func linkCreationCommand(_ link: Link) -> String {
        if link.kind == .tun { return "\(ip) tuntap add dev \(quoted(link.name)) mode tun" }
        let own = Link(name: link.name, mtu: link.initialMTU, address: link.address).attributes
        var words = [ip, "link add name", quoted(link.name), own.text, "type", link.kind?.word ?? ""]
        words += link.kind?.attributes.map(shellWord) ?? []
        if let peer = link.peer {
            words += ["peer name", quoted(peer.name)]
            if let netns = peer.netns.name { words += ["netns", shellQuoted(netns)] }
        }
        return words.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Up comes by itself and last: `addrgenmode` in the same message would take effect after it.
    private func linkChangeCommands(from before: Link, to after: Link) -> [String] {
        let set = "\(ip) link set dev \(quoted(after.name))"
        let settled = Set(before.attributes + (after.kind?.attributes ?? []))
        let changed = after.attributes.filter { attribute in
            !settled.contains(attribute) && !["type", "peer", "up", "down"].contains(attribute.name)
        }
        let isReleased = after.membership == Link.Membership.none && before.controller != nil
        var commands: [String] = []
        if !changed.isEmpty || isReleased {
            let words = changed.map { "\($0.name) \(shellQuoted($0.value))" } + (isReleased ? ["nomaster"] : [])
            commands.append("\(set) \(words.joined(separator: " "))")
        }
        if let isUp = after.isUp, isUp != before.isUp { commands.append("\(set) \(isUp ? "up" : "down")") }
        return commands
    }

    private func routeText(_ route: Route) -> String {
        let kind = route.kind == .unicast ? "" : route.kind.word
        var attributes = route.attributes.filter { $0 != Attribute(flag: kind) }
        if let id = route.form.object {
            attributes.removeAll { ["via", "dev", "onlink"].contains($0.name) }
            attributes.insert(Attribute("nhid", id), at: 0)
        }
        return joined(kind, route.destination.destinationText, attributes.map(shellWord).joined(separator: " "))
    }

    private func forwardingCommand(_ verb: String, _ entry: ForwardingEntry) -> String {
        joined(bridge, "fdb", verb, entry.linkLayerAddress, "dev", quoted(entry.device), entry.attributes.text)
    }

    private func shellWord(_ attribute: Attribute) -> String {
        attribute.name == "dev" ? "dev \(shellQuoted(attribute.value))" : attribute.description
    }

    private func sysctlCommand(_ sysctl: Sysctl) -> String {
        inside("sysctl -q -w", "\(sysctl.key)=\(sysctl.value)")
    }

    /// Of a program that works on the namespace that it runs in.
    private func inside(_ command: String, _ argument: String) -> String {
        joined(entrance, command, shellQuoted(argument))
    }

    private func quoted(_ name: LinkName) -> String { shellQuoted(name.text) }

    private func joined(_ words: any CustomStringConvertible...) -> String {
        words.map(\.description).filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// `word` as a POSIX shell reads it back.
package func shellQuoted(_ word: String) -> String {
    if !word.isEmpty && word.utf8.allSatisfy(isPlain) { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

/// Whether it means itself to a shell.
private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
        UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: ","):
        true
    default: false
    }
}
