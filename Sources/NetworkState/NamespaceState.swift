/// What one network namespace holds, or should hold.
package struct NamespaceState: Hashable, Sendable {
    package var links = Table<Link>()
    package var sysctls = Table<Sysctl>()
    package var addresses = Table<Address>()
    package var neighbours = Table<Neighbour>()
    package var fdb = Table<ForwardingEntry>()
    package var tables = Table<NATTable>()
    package var routes = Table<Route>()
    /// Those by which routes go. They are nobody's wish, so that what compares or lists all that is there passes them over.
    package var nextHops = NextHops()
    /// In the order in which the kernel asks them; empty where nobody has looked, or planned any, which leaves the kernel's
    /// own. They are no resources: weft makes and removes none.
    package var policy: [PolicyRule] = []

    package init() {}

    /// Whether somebody has made rules of which table is asked.
    package var hasPolicyOfItsOwn: Bool {
        !policy.isEmpty && policy != IPAddress.Family.allCases.flatMap(PolicyRule.standard)
    }

    package var isEmpty: Bool {
        links.isEmpty && sysctls.isEmpty && addresses.isEmpty && neighbours.isEmpty && fdb.isEmpty
            && tables.isEmpty && routes.isEmpty
    }

    package var count: Int {
        links.count + sysctls.count + addresses.count + neighbours.count + fdb.count + tables.count + routes.count
    }

    package subscript(identity: Resource.Identity) -> Resource? {
        switch identity {
        case .netns: .netns
        case .link(let identity): links[identity].map(Resource.link)
        case .sysctl(let identity): sysctls[identity].map(Resource.sysctl)
        case .address(let identity): addresses[identity].map(Resource.address)
        case .neighbour(let identity): neighbours[identity].map(Resource.neighbour)
        case .fdb(let identity): fdb[identity].map(Resource.fdb)
        case .table(let identity): tables[identity].map(Resource.table)
        case .nextHop(let identity): nextHops.ours[identity].map(Resource.nextHop)
        case .route(let identity): routes[identity].map(Resource.route)
        }
    }

    /// Everything in it, in the order of making.
    package var resources: [Resource] { resourcesButRoutes + routes.sorted.map(Resource.route) }

    /// The same but for the routes, of which there may be a hundred thousand: who goes through them does so better by
    /// themselves.
    package var resourcesButRoutes: [Resource] {
        links.sorted.map(Resource.link)
            + sysctls.sorted.map(Resource.sysctl)
            + addresses.sorted.map(Resource.address)
            + neighbours.sorted.map(Resource.neighbour)
            + fdb.sorted.map(Resource.fdb)
            + tables.sorted.map(Resource.table)
    }

    /// Everything in it, in no particular order.
    package func forEachResource(_ body: (Resource) -> Void) {
        for link in links.unordered { body(.link(link)) }
        for sysctl in sysctls.unordered { body(.sysctl(sysctl)) }
        for address in addresses.unordered { body(.address(address)) }
        for neighbour in neighbours.unordered { body(.neighbour(neighbour)) }
        for entry in fdb.unordered { body(.fdb(entry)) }
        for table in tables.unordered { body(.table(table)) }
        for route in routes.unordered { body(.route(route)) }
    }

    package mutating func insert(_ resource: Resource) {
        switch resource {
        case .netns: break
        case .link(let link): links.insert(link)
        case .sysctl(let sysctl): sysctls.insert(sysctl)
        case .address(let address): addresses.insert(address)
        case .neighbour(let neighbour): neighbours.insert(neighbour)
        case .fdb(let entry): fdb.insert(entry)
        case .table(let table): tables.insert(table)
        case .nextHop(let object): nextHops.ours.insert(object)
        case .route(let route): routes.insert(route)
        }
    }

    package mutating func remove(_ identity: Resource.Identity) {
        switch identity {
        case .netns: break
        case .link(let identity): links.remove(identity)
        case .sysctl(let identity): sysctls.remove(identity)
        case .address(let identity): addresses.remove(identity)
        case .neighbour(let identity): neighbours.remove(identity)
        case .fdb(let identity): fdb.remove(identity)
        case .table(let identity): tables.remove(identity)
        case .nextHop(let identity): nextHops.ours.remove(identity)
        case .route(let identity): routes.remove(identity)
        }
    }
}
