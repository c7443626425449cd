import NetworkState

/// What the author wrote, key by key, and where: nothing filled in, no name resolved, no range expanded.
struct Topology: Sendable {
    var name: Member<String>
    var network: Network
    var segments: Listing<Segment>
    var routers: Listing<Machine>
    var servers: Listing<Machine>
    var hosts: Listing<Host>
    var expectations: Listing<Expectation>
    var events: Listing<Event>

    /// How containers are networked.
    struct Network: Sendable {
        var profile: Member<NetworkModel.Profile> = .absent
        var attachment: Member<NetworkModel.Attachment> = .absent
        var encapsulation: Member<Encapsulation> = .absent
        var distribution: Member<NetworkModel.Distribution> = .absent
        var peerRouteProtocol: Member<RouteProtocol> = .absent
        var egress: Member<NetworkModel.Egress> = .absent
        var nextHops: Member<NetworkModel.NextHops> = .absent
        var pools: Member<[Located<Pool>]> = .absent
        var mtu: Member<UInt32> = .absent
        let pointer: JSONPointer
    }

    /// An encapsulation and the peers it is for: a word, or an object with both.
    struct Encapsulation: Sendable {
        let type: NetworkModel.Encapsulation
        let when: NetworkModel.When
        let whenPointer: JSONPointer
    }

    /// A prefix from which hosts get their blocks.
    struct Pool: Sendable {
        let subnet: IPPrefix
        /// The length of a host's block; nil where it is left to the default.
        let blockLength: Int?
    }

    /// An underlay network: a switch.
    struct Segment: Sendable {
        var name: Member<String>
        var subnets: Member<[Located<IPPrefix>]>
        var mtu: Member<UInt32>
        let pointer: JSONPointer
    }

    /// A link of a host, router or server to a segment.
    struct Link: Sendable {
        var name: Member<LinkName>
        var segment: Member<String>
        var addresses: Member<[Located<LinkAddress>]>
        var mtu: Member<UInt32>
        let pointer: JSONPointer
    }

    /// An address on a segment; its length is the subnet's, and may be repeated.
    struct LinkAddress: Sendable {
        let address: IPAddress
        let length: Int?
    }

    struct Route: Sendable {
        var destination: Member<IPPrefix>
        var gateway: Member<IPAddress>
        let pointer: JSONPointer
    }

    /// A router or a server.
    struct Machine: Sendable {
        var name: Member<String>
        var links: Listing<Link>
        var routes: Listing<Route>
        var labels: Member<[String: String]>
        let pointer: JSONPointer
    }

    /// A host, or as many as its name's range has numbers.
    struct Host: Sendable {
        var name: Member<NamePattern>
        var links: Listing<Link>
        var linksPointer: JSONPointer?
        var routes: Listing<Route>
        var subnets: Member<[Located<IPPrefix>]>
        var containers: Member<Containers>
        var labels: Member<[String: String]>
        let pointer: JSONPointer
    }

    enum Containers: Sendable {
        /// So many, with names and addresses that are assigned.
        case count(Int)
        case list(Listing<Container>)
    }

    /// A container, or as many as its name's range has numbers.
    struct Container: Sendable {
        var name: Member<NamePattern>
        var addresses: Member<[Located<LinkAddress>]>
        var link: Member<LinkName>
        var mac: Member<MACAddress>
        var published: Member<[Located<PublishedPort>]>
        var labels: Member<[String: String]>
        /// The file, or the process, of a namespace that it has already.
        var netns: Member<Netns>
        var process: Member<Netns>
        let pointer: JSONPointer
    }

    struct Expectation: Sendable {
        var from: Member<Endpoints>
        var to: Member<Endpoints>
        var isReachable: Member<Bool>
        var protocols: Member<[Located<ProbeProtocol>]>
        var port: Member<UInt16>
        var path: Member<[Located<PathElement>]>
        var returnPath: Member<[Located<PathElement>]>
        var encapsulation: Member<NetworkModel.Encapsulation>
        var mtu: Member<UInt32>
        var source: Member<ValidTopology.ExpectedAddress>
        var bulk: Member<Int>
        var gateway: Member<MACAddress>
        let pointer: JSONPointer
    }

    /// Something that happens to the network while it is tested.
    struct Event: Sendable {
        var name: Member<String>
        var within: Member<Duration>
        var expectations: Member<Listing<Expectation>>
        var lossless: Listing<Expectation>
        /// Each key that says what happens; there should be one.
        var actions: [Action]
        let pointer: JSONPointer
    }

    enum Action: Sendable {
        case down(Member<PathElement>)
        case up(Member<PathElement>)
        case leave(Member<String>)
        case join(Member<String>)
        case impair(Member<PathElement>, Member<Double>, Member<UInt64>, Member<Duration>)
        case clear(Member<PathElement>)
        case agents(Member<[Located<String>]>)
        case run(Member<[Located<String>]>, Member<String>)
    }

    /// One side of an expectation.
    enum Endpoints: Sendable {
        case everyone
        case named([Located<String>])
    }
}

extension Topology {
    /// Of every machine.
    var links: [Listing<Link>] {
        (routers.elements + servers.elements).map(\.links) + hosts.elements.map(\.links)
    }
}
