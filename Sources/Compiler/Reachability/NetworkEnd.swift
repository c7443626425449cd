import NetworkState

/// A container or a server: where packets that somebody cares for begin and end.
struct NetworkEnd: Sendable {
    let name: String
    /// Of a container, its host's name.
    let host: String?
    let addresses: [IPAddress]
    /// What is its own alone, of all that tables may have in them, and what stands for that in every such table.
    private let tokens: [String: String]
    private let link: String?

    /// - `state`: of its namespace.
    /// - `peerAddress`: of its link's other end, if no other link has it.
    fileprivate init(
        _ container: ValidTopology.Container, of host: ValidTopology.Host, _ state: NamespaceState?,
        peerAddress: MACAddress?
    ) {
        name = container.name
        self.host = host.name
        addresses = container.addresses
        link = container.link.text
        var tokens = [container.name: "<name>"]
        for (number, address) in (state?.addresses.sorted ?? []).enumerated() where address.scope == .link {
            tokens["\(address.prefix.address)"] = "<link address \(number)>"
        }
        for (number, address) in container.addresses.enumerated() { tokens["\(address)"] = "<address \(number)>" }
        for link in state?.links.sorted ?? [] {
            if let mac = link.address { tokens["\(mac)"] = "<mac of \(link.name)>" }
        }
        if let peerAddress { tokens["\(peerAddress)"] = "<mac of the other end>" }
        self.tokens = tokens
    }

    init(_ server: ValidTopology.Machine) {
        name = server.name
        host = nil
        addresses = server.uplinks.flatMap(\.addresses).map(\.address)
        link = nil
        tokens = [server.name: "<name>"]
    }

    /// What it is called by in any namespace.
    var names: some Sequence<String> { tokens.keys }

    /// What it is called by in its host's alone.
    var linkName: String? { link }

    /// What `token` of a text about `node` is said of any end like this; nil for what has nothing to do with this one.
    func standIn(for token: String, on node: String) -> String? {
        if let word = tokens[token] { return word }
        return token == link && (node == host || node == name) ? "<link>" : nil
    }
}

extension ValidTopology {
    /// In the file's order, containers first.
    func ends(in namespaces: [String: NamespaceState]) -> [NetworkEnd] {
        let known = namespaces.values.flatMap { $0.links.unordered.compactMap(\.address) }
        let counts = Dictionary(known.map { ($0, 1) }, uniquingKeysWith: +)
        let containers = hosts.flatMap { host in
            host.containers.map { container in
                let peer = namespaces[host.name]?.links[container.link]?.address
                return NetworkEnd(
                    container, of: host, namespaces[container.name],
                    peerAddress: peer.flatMap { counts[$0] == 1 ? $0 : nil })
            }
        }
        return containers + servers.map { NetworkEnd($0) }
    }
}
