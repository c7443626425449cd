/// Anything a plan can add, change or remove.
package indirect enum Resource: Hashable, Sendable {
    case netns
    case link(Link)
    case sysctl(Sysctl)
    case address(Address)
    case neighbour(Neighbour)
    case fdb(ForwardingEntry)
    case table(NATTable)
    case nextHop(NextHopObject)
    case route(Route)

    /// The cases stand in the order in which an apply makes them; a removal goes the other way.
    package enum Identity: Hashable, Sendable {
        case netns
        case link(Link.Identity)
        case sysctl(Sysctl.Identity)
        case address(Address.Identity)
        case neighbour(Neighbour.Identity)
        case fdb(ForwardingEntry.Identity)
        case table(NATTable.Identity)
        case nextHop(NextHopObject.Identity)
        case route(Route.Identity)
    }

    package var identity: Identity {
        switch self {
        case .netns: .netns
        case .link(let link): .link(link.identity)
        case .sysctl(let sysctl): .sysctl(sysctl.identity)
        case .address(let address): .address(address.identity)
        case .neighbour(let neighbour): .neighbour(neighbour.identity)
        case .fdb(let entry): .fdb(entry.identity)
        case .table(let table): .table(table.identity)
        case .nextHop(let object): .nextHop(object.identity)
        case .route(let route): .route(route.identity)
        }
    }

    /// ``Identity/kind``
    package var kind: String {
        switch self {
        case .netns: "netns"
        case .link: "link"
        case .sysctl: "sysctl"
        case .address: "address"
        case .neighbour: "neighbour"
        case .fdb: "fdb"
        case .table: "table"
        case .nextHop: "nexthop"
        case .route: "route"
        }
    }

    package var attributes: [Attribute] {
        switch self {
        case .netns: []
        case .link(let link): link.attributes
        case .sysctl(let sysctl): sysctl.attributes
        case .address(let address): address.attributes
        case .neighbour(let neighbour): neighbour.attributes
        case .fdb(let entry): entry.attributes
        case .table(let table): table.attributes
        case .nextHop(let object): object.attributes
        case .route(let route): route.attributes
        }
    }

    package var json: JSON { .members(jsonMembers) }

    package var jsonMembers: KeyValuePairs<String, JSON?> {
        switch self {
        case .netns: [:]
        case .link(let link): link.jsonMembers
        case .sysctl(let sysctl): sysctl.jsonMembers
        case .address(let address): address.jsonMembers
        case .neighbour(let neighbour): neighbour.jsonMembers
        case .fdb(let entry): entry.jsonMembers
        case .table(let table): table.jsonMembers
        case .nextHop(let object): object.jsonMembers
        case .route(let route): route.jsonMembers
        }
    }

    /// Reads what ``json`` wrote; `kind` is ``Identity/kind``.
    package init?(kind: String, json: JSON) {
        let resource: Resource? =
            switch kind {
            case "netns": .netns
            case "link": Link(json: json).map(Resource.link)
            case "sysctl": Sysctl(json: json).map(Resource.sysctl)
            case "address": Address(json: json).map(Resource.address)
            case "neighbour": Neighbour(json: json).map(Resource.neighbour)
            case "fdb": ForwardingEntry(json: json).map(Resource.fdb)
            case "table": NATTable(json: json).map(Resource.table)
            case "nexthop": NextHopObject(json: json).map(Resource.nextHop)
            case "route": Route(json: json).map(Resource.route)
            default: nil
            }
        guard let resource else { return nil }
        self = resource
    }

    /// Whether `observed`, of the same identity, already is what this resource declares.
    package func isSatisfied(by observed: Resource) -> Bool {
        switch (self, observed) {
        case (.netns, .netns): true
        case (.link(let declared), .link(let observed)): declared.isSatisfied(by: observed)
        case (.sysctl(let declared), .sysctl(let observed)): declared.isSatisfied(by: observed)
        case (.address(let declared), .address(let observed)): declared.isSatisfied(by: observed)
        case (.neighbour(let declared), .neighbour(let observed)): declared.isSatisfied(by: observed)
        case (.fdb(let declared), .fdb(let observed)): declared.isSatisfied(by: observed)
        case (.table(let declared), .table(let observed)): declared.isSatisfied(by: observed)
        case (.nextHop(let declared), .nextHop(let observed)): declared.isSatisfied(by: observed)
        case (.route(let declared), .route(let observed)): declared.isSatisfied(by: observed)
        default: false
        }
    }

    /// Whether the kernel can turn `observed` into this resource where it stands.
    package func isReachable(from observed: Resource) -> Bool {
        switch (self, observed) {
        case (.link(let declared), .link(let observed)): declared.isReachable(from: observed)
        case (.address(let declared), .address(let observed)): declared.isReachable(from: observed)
        case (.route(let declared), .route(let observed)): declared.isReachable(from: observed)
        default: true
        }
    }

    /// The links that must be there for it to exist.
    package var devices: [LinkName] {
        switch self {
        case .netns, .table: []
        case .link(let link): link.lowerLinks
        case .sysctl(let sysctl): sysctl.device.map { [$0] } ?? []
        case .address(let address): [address.device]
        case .neighbour(let neighbour): [neighbour.device]
        case .fdb(let entry): [entry.device]
        case .nextHop(let object): [object.device]
        case .route(let route): route.devices
        }
    }
}

extension Resource.Identity: Comparable {
    /// The kind's place in the order of making, and its name in plans.
    private var rank: (order: Int, kind: String) {
        switch self {
        case .netns: (0, "netns")
        case .link: (1, "link")
        case .sysctl: (2, "sysctl")
        case .address: (3, "address")
        case .neighbour: (4, "neighbour")
        case .fdb: (5, "fdb")
        case .table: (6, "table")
        case .nextHop: (7, "nexthop")
        case .route: (8, "route")
        }
    }

    /// The place of its kind in the order of making.
    package var order: Int { rank.order }

    /// `link`, `address`, `route` …
    package var kind: String { rank.kind }

    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.link(let left), .link(let right)): left < right
        case (.sysctl(let left), .sysctl(let right)): left < right
        case (.address(let left), .address(let right)): left < right
        case (.neighbour(let left), .neighbour(let right)): left < right
        case (.fdb(let left), .fdb(let right)): left < right
        case (.table(let left), .table(let right)): left < right
        case (.nextHop(let left), .nextHop(let right)): left < right
        case (.route(let left), .route(let right)): left < right
        default: left.rank.order < right.rank.order
        }
    }
}

extension Resource.Identity: CustomStringConvertible {
    /// The name within its namespace and kind: `veth1`, `172.17.9.0/24`, `172.17.8.2/32 dev eth0`.
    package var description: String {
        switch self {
        case .netns: ""
        case .link(let name): name.text
        case .sysctl(let key): key
        case .address(let identity): "\(identity.prefix) dev \(identity.device)"
        case .neighbour(let identity): "\(identity.address) dev \(identity.device)"
        case .fdb(let identity): "\(identity.linkLayerAddress) dev \(identity.device)"
        case .table(let name): name
        case .nextHop(let id): String(id)
        case .route(let identity): identity.destination.destinationText
        }
    }
}

/// Where a resource is, and which: what tells it from every other of its host.
package struct ResourcePlace: Hashable, Comparable, Sendable {
    package let netns: Netns
    package let identity: Resource.Identity

    package init(_ identity: Resource.Identity, in netns: Netns) {
        self.netns = netns
        self.identity = identity
    }

    package static func < (left: ResourcePlace, right: ResourcePlace) -> Bool {
        (left.netns, left.identity) < (right.netns, right.identity)
    }

    /// `HOST/NAME` for the host's own resources, `CONTAINER/NAME` for a container's.
    package func name(on host: String) -> String {
        let place = netns.name ?? host
        return identity == .netns ? place : "\(place)/\(identity)"
    }

    /// `link HOST/NAME`
    package func kindAndName(on host: String) -> String { "\(identity.kind) \(name(on: host))" }
}
