import Applier
import Netlink
import NetworkState

/// Listens to what the kernel announces in each of a host's namespaces.
struct KernelWatch: ~Copyable {
    private struct Place: Hashable {
        let netns: Netns
        let subject: EventSocket.Subject
    }

    private struct Ear {
        let socket: EventSocket
        let identity: NetworkNamespace.Identity
        let token: UInt64
    }

    private let namespaces: HostNamespaces
    private var ears: [Place: Ear] = [:]
    private var places: [UInt64: Place] = [:]
    private var filters: [Netns: EventFilter] = [:]
    private var nextToken = Token.namespaces

    init(_ namespaces: HostNamespaces) {
        self.namespaces = namespaces
    }

    /// Listens in those namespaces of `interest` that exist, and nowhere else, for what concerns it. Tells whether it
    /// listens anywhere that it did not before: what has happened there meanwhile is not known.
    ///
    /// To listen in a namespace is to keep it alive, so one whose name has gone is let go.
    mutating func cover(_ interest: HostState, _ poller: borrowing Poller) throws(SystemError) -> Bool {
        var wanted: Set<Place> = [Place(netns: .own, subject: .routing)]
        for (netns, state) in interest.namespaces {
            wanted.insert(Place(netns: netns, subject: .routing))
            if !state.tables.isEmpty { wanted.insert(Place(netns: netns, subject: .filtering)) }
        }
        filters = interest.namespaces.mapValues(EventFilter.init)
        for (place, ear) in ears where !wanted.contains(place) || !isCurrent(ear.identity, place.netns) {
            close(place)
        }
        var hasOpened = false
        for place in wanted where ears[place] == nil {
            if try open(place, poller) { hasOpened = true }
        }
        return hasOpened
    }

    /// Lets go of a namespace that is about to be deleted.
    mutating func leave(_ netns: Netns) {
        for place in ears.keys where place.netns == netns { close(place) }
    }

    /// What has been announced through the socket that is watched as `token`.
    func drain(_ token: UInt64) -> EventSocket.News {
        guard let place = places[token], let ear = ears[place] else { return EventSocket.News() }
        return ear.socket.drain(filters[place.netns] ?? EventFilter())
    }

    private mutating func close(_ place: Place) {
        guard let ear = ears.removeValue(forKey: place) else { return }
        places[ear.token] = nil
    }

    private func isCurrent(_ identity: NetworkNamespace.Identity, _ netns: Netns) -> Bool {
        namespaces.name(of: netns).map { namespaces.names.identity(of: $0) == identity } ?? true
    }

    private mutating func open(_ place: Place, _ poller: borrowing Poller) throws(SystemError) -> Bool {
        let name = namespaces.name(of: place.netns)
        if let name, !namespaces.names.isMounted(name) { return false }
        let namespace = if let name { try namespaces.names.open(name) } else { try NetworkNamespace.current() }
        let subject = place.subject
        let socket = try namespace.run { () throws(SystemError) in try EventSocket.open(subject) }
        nextToken += 1
        try poller.watch(socket.descriptor, as: nextToken)
        ears[place] = Ear(socket: socket, identity: try namespace.identity, token: nextToken)
        places[nextToken] = place
        return true
    }
}

extension EventFilter {
    init(_ interest: NamespaceState) {
        self.init()
        for route in interest.routes.unordered {
            destinations.insert(Destination(route.destination.address.bytes, length: route.destination.length))
        }
        for neighbour in interest.neighbours.unordered { neighbours.insert(neighbour.address.bytes) }
        for entry in interest.fdb.unordered { neighbours.insert(entry.linkLayerAddress.bytes) }
    }
}
