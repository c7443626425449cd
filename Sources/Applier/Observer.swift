import Netlink
import NetworkState

/// Reads what the kernel has in a host's namespaces.
struct Observer {
    /// A dump is a picture of one moment, several dumps are not: how often to look again if they disagree.
    private static let attempts = 10

    /// One namespace, before the ends of its veth pairs are matched.
    fileprivate struct Contents {
        var links: [LinkRecord]
        var indices: InterfaceIndices
        var rest = NamespaceState()
        var routeDigest = RouteDigest()
    }

    private let interest: HostState
    private let scope: ObservationScope
    private let namespaces: OpenNamespaces
    private var contents: [Netns: Contents] = [:]

    private init(_ interest: HostState, _ scope: ObservationScope, _ namespaces: OpenNamespaces) {
        self.interest = interest
        self.scope = scope
        self.namespaces = namespaces
    }

    /// Those namespaces of `interest` that exist, with those settings and tables of `interest` that exist.
    static func observe(
        _ interest: HostState, _ scope: ObservationScope = ObservationScope(), in namespaces: OpenNamespaces
    ) throws(ApplyError) -> HostState {
        try looking(at: interest, scope, in: namespaces).state()
    }

    /// The same with a hash of it all; with ``ObservationScope/RouteReading/digest`` the routes are in that alone.
    static func observeWithDigest(
        _ interest: HostState, _ scope: ObservationScope, in namespaces: OpenNamespaces
    ) throws(ApplyError) -> (state: HostState, digest: UInt64) {
        let observer = try looking(at: interest, scope, in: namespaces)
        let state = try observer.state()
        if scope.routeReading == .routes { return (state, 0) }
        return (state, state.digest(withRoutes: observer.contents.mapValues(\.routeDigest.value)))
    }

    private static func looking(
        at interest: HostState, _ scope: ObservationScope, in namespaces: OpenNamespaces
    ) throws(ApplyError) -> Observer {
        namespaces.forgetReplaced()
        var observer = Observer(interest, scope, namespaces)
        for (netns, interest) in interest.sortedNamespaces {
            try observer.look(into: netns, interest)
        }
        return observer
    }

    private mutating func look(into netns: Netns, _ interest: NamespaceState) throws(ApplyError) {
        guard let opened = try namespaces.opened(netns) else { return }
        var seen = try Self.settled(netns) { () throws(NetlinkError) in
            try Self.contents(of: opened, scope)
        }
        let wanted = interest.sysctls.sorted.map(\.key)
        let links = seen.links.map(\.name.text) + ["default"]
        let switches = IPAddress.Family.allCases.filter { wanted.contains(Sysctl.forwarding($0)) }.flatMap { family in
            links.map { Sysctl.forwarding(of: $0, family) }
        }
        let origins = wanted.compactMap { Sysctl($0, "").origin }
        let keys = Set(wanted).union(switches).union(origins).sorted()
        let sysctls = try systemCalls { () throws(SystemError) in
            try Self.settings(keys, with: seen.links, in: opened.namespace, namespaces.settings)
        }
        seen.rest.sysctls = Table(sysctls)
        seen.rest.tables = try opened.tables(interest.tables)
        contents[netns] = seen
    }

    /// What `read` returns, once no table changes under it.
    private static func settled(
        _ netns: Netns, _ read: () throws(NetlinkError) -> Contents
    ) throws(ApplyError) -> Contents {
        var failure = NetlinkError.interruptedDump
        for _ in 0..<attempts {
            do throws(NetlinkError) {
                return try read()
            } catch {
                failure = error
                switch error {
                case .unknownLink, .interruptedDump: continue
                default: throw ApplyError(observing: netns, error)
                }
            }
        }
        throw ApplyError(observing: netns, failure)
    }

    private static func contents(
        of namespace: OpenNamespace, _ scope: ObservationScope
    ) throws(NetlinkError) -> Contents {
        let links = try namespace.links()
        let indices = namespace.indices
        var contents = Contents(links: links, indices: indices)
        contents.rest.addresses = Table(
            try namespace.dump(AddressCodec.dump()) { message throws(NetlinkError) in
                try AddressCodec.read(message, indices)
            })
        if scope.hasNeighbours {
            contents.rest.neighbours = Table(
                try namespace.dump(NeighbourCodec.dump()) { message throws(NetlinkError) in
                    try NeighbourCodec.read(message, indices)
                })
        }
        for link in links where link.vxlan != nil {
            let entries = try namespace.dump(ForwardingCodec.dump(of: link.index)) { message throws(NetlinkError) in
                try ForwardingCodec.read(message, indices)
            }
            entries.forEach { contents.rest.fdb.insert($0) }
        }
        // Before the routes that may go by them.
        if scope.hasNextHops { contents.rest.nextHops = try namespace.nextHopObjects() }
        for family in scope.routeFamilies { try contents.lookAtRoutes(family, of: namespace, scope.routeReading) }
        return contents
    }

    private func state() throws(ApplyError) -> HostState {
        var state = HostState()
        for (netns, seen) in contents {
            let peers = try peerNamespaces(of: seen.links, in: netns)
            var complete = seen.rest
            for record in seen.links {
                let peer = peer(of: record, in: netns, peers)
                complete.links.insert(
                    Link(record, peer: peer, seen.indices))
            }
            state.namespaces[netns] = complete
        }
        return state
    }

    /// Which of the namespaces in view the identifiers stand for by which `netns` knows its veth pairs' other ends.
    ///
    /// Only those of links that somebody is interested in; of a pair nobody asked about, one end is enough to know.
    /// Where the other end should be is asked first: with many namespaces in view, asking about each would take as
    /// many questions as there are pairs of them.
    private func peerNamespaces(of links: [LinkRecord], in netns: Netns) throws(ApplyError) -> [Int32: Netns] {
        let declared = interest.namespaces[netns]?.links ?? Table()
        let relevant = links.filter { $0.peerNetns != nil && declared[$0.name] != nil }
        let wanted = Set(relevant.compactMap(\.peerNetns))
        let expected = Set(relevant.compactMap { declared[$0.name]?.peer?.netns }).subtracting([netns])
        let likely = expected.filter { contents[$0] != nil }.sorted()
        let known = try namespaces.identifiers(of: likely, in: netns)
        if wanted.isSubset(of: known.keys) { return known }
        let others = contents.keys.filter { $0 != netns && !expected.contains($0) }.sorted()
        return try namespaces.identifiers(of: others, in: netns).merging(known) { first, _ in first }
    }

    private func peer(of record: LinkRecord, in netns: Netns, _ peers: [Int32: Netns]) -> Link.Peer? {
        guard let index = record.peer else { return nil }
        let place = record.peerNetns.map { peers[$0] } ?? netns
        guard let place, let name = contents[place]?.indices.known(index) else { return nil }
        return Link.Peer(netns: place, name: name)
    }
}

extension Observer.Contents {
    fileprivate mutating func lookAtRoutes(
        _ family: IPAddress.Family, of namespace: OpenNamespace, _ reading: ObservationScope.RouteReading
    ) throws(NetlinkError) {
        let (nextHops, indices) = (rest.nextHops, indices)
        // Of a dump that was interrupted it has a part twice, and is another hash for it: that is on the safe side.
        var digest = routeDigest
        let request = RouteCodec.dump(family, ofMainAlone: reading == .digest)
        let routes = try namespace.dump(request) { message throws(NetlinkError) in
            if reading != .routes { try digest.add(message) }
            return reading == .digest ? nil : try RouteCodec.read(message, indices, nextHops)
        }
        routeDigest = digest
        routes.forEach { rest.insertUnlessShadowed($0) }
    }
}

extension Link {
    fileprivate init(_ record: LinkRecord, peer: Peer?, _ indices: InterfaceIndices) {
        let vxlan = record.vxlan.map { vxlan in
            VXLAN(
                id: vxlan.id, local: vxlan.local, parent: vxlan.parent.flatMap(indices.known), port: vxlan.port,
                learnsAddresses: vxlan.learnsAddresses)
        }
        let controller = record.controller.flatMap(indices.known)
        self.init(
            name: record.name, kind: Kind(word: record.kind, peer: peer, vxlan: vxlan), mtu: record.mtu,
            address: record.address, membership: controller.map(Membership.port) ?? Membership.none,
            alias: record.alias, addrGenMode: record.addrGenMode, isUp: record.isUp
        )
    }
}

extension NamespaceState {
    /// IPv6 has a `fe80::/64` for each link, all of one identity: whoever else has such a route counts for more than
    /// the kernel, and else the first.
    fileprivate mutating func insertUnlessShadowed(_ route: Route) {
        routes.insert(route) { $0.protocol != .kernel || route.protocol == .kernel }
    }
}
