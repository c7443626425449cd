import NetworkState

/// A container or a server: where packets that somebody cares for begin and end.
struct NetworkEnd: Sendable {
    let name: String
    /// Of a container, its host's name.
    let host: String?
    let addresses: [IPAddress]
    /// Of a container, the link at its host.
    let link: LinkName?

    init(_ container: ValidTopology.Container, of host: ValidTopology.Host) {
        name = container.name
        self.host = host.name
        addresses = container.addresses
        link = container.link
    }

    init(_ server: ValidTopology.Machine) {
        name = server.name
        host = nil
        addresses = server.uplinks.flatMap(\.addresses).map(\.address)
        link = nil
    }

    /// What names it in tables.
    ///
    /// - `own`: all addresses that its namespace has.
    /// - `links`: the link-layer addresses of its links, and of the other end of its link, if no other link there has that.
    func renaming(_ own: [IPAddress], links: [MACAddress], number: Int = 0) -> Renaming {
        guard host != nil else { return Renaming(node: name, addresses: [], number: number) }
        let others = own.filter { $0.isLinkLocal && !addresses.contains($0) }.sorted()
        return Renaming(
            node: name, addresses: addresses + others, linkLayerAddresses: links, link: link, number: number)
    }
}

extension ValidTopology {
    /// In the file's order, containers first.
    var ends: [NetworkEnd] {
        hosts.flatMap { host in host.containers.map { NetworkEnd($0, of: host) } } + servers.map { NetworkEnd($0) }
    }
}
