import Compiler
import NetworkState
import Testing

struct AssignmentTests {
    private func topology(_ fixture: String) throws -> ValidTopology {
        try load(Fixture("valid/\(fixture).json").source)
    }

    private func addresses(_ container: ValidTopology.Container) -> [String] { container.addresses.map(\.description) }

    private func addresses(_ uplinks: [ValidTopology.Uplink]) -> [String] {
        uplinks.flatMap(\.addresses).map(\.description)
    }

    @Test func `what is written stays, and what is left out gets the lowest that is free`() throws {
        let topology = try topology("two-hosts")
        let (a, b) = (topology.hosts[0], topology.hosts[1])
        #expect(topology.name == "calico-two-hosts")
        #expect(addresses(topology.routers[0].uplinks) == ["192.168.100.1/24"])
        #expect(addresses(a.uplinks) == ["192.168.100.100/24"])
        #expect(addresses(b.uplinks) == ["192.168.100.2/24"])
        #expect(b.uplinks.map(\.name.text) == ["eth0"])
        #expect(a.containers.map(addresses) == [["172.17.8.2"], ["172.17.8.3"]])
        #expect(a.containers.map(\.mac) == [nil, MACAddress(parsing: "02:00:00:00:00:02")])
        #expect(b.blocks.map(\.description) == ["172.17.0.0/24"])
        #expect(b.containers.map(\.name) == ["B1", "B2"])
        #expect(b.containers.map(addresses) == [["172.17.0.2"], ["172.17.0.3"]])
        #expect(a.containers.map(\.mtu) == [1450, 1450])
    }

    @Test func `a route leads out of the link that its next hop is on`() throws {
        let route = try #require(try topology("two-hosts").hosts[0].routes.first)
        #expect(route.destination == .everything(.v4))
        #expect(route.device == LinkName(known: "eth0"))
    }

    @Test func `expectations name containers, and a host stands for all of its own`() throws {
        let expectations = try topology("two-hosts").expectations
        #expect(expectations.map(\.from) == [["A1"], []])
        #expect(expectations.map(\.to) == [["B1", "B2"], ["A1", "A2"]])
        #expect(expectations.map(\.isReachable) == [false, true])
        #expect(expectations.map(\.protocols) == [[.icmp], Set(ProbeProtocol.allCases)])
    }

    @Test func `a range becomes as many hosts, with zeros where it has them`() throws {
        let hosts = try topology("ranges").hosts
        #expect(hosts.map(\.name) == ["h08", "h09", "h10", "h11", "A", "z"])
        #expect(hosts[0].containers.map(\.name) == ["h08-1", "h08-2"])
        #expect(hosts[4].containers.map(\.name) == ["web1", "web2", "web3", "db"])
    }

    @Test func `routers are assigned before hosts, around what is written`() throws {
        let topology = try topology("ranges")
        #expect(topology.routers.flatMap { addresses($0.uplinks) } == ["192.168.100.1/24"])
        #expect(
            topology.hosts.flatMap { addresses($0.uplinks) } == [
                "192.168.100.2/24", "192.168.100.4/24", "192.168.100.5/24", "192.168.100.6/24", "192.168.100.3/24",
            ])
    }

    @Test func `blocks are taken from the pools, around what is written`() throws {
        let blocks = try topology("ranges").hosts.map { $0.blocks.map(\.description) }
        #expect(
            blocks == [
                ["10.64.0.0/25"], ["10.64.0.128/25"], ["10.64.1.128/25"], ["10.64.2.0/25"], ["10.64.1.0/28"], [],
            ])
    }

    @Test func `containers are assigned around what is written, and never the gateway's address of a bridge`() throws {
        let host = try topology("ranges").hosts[4]
        #expect(host.containers.map(addresses) == [["10.64.1.2"], ["10.64.1.4"], ["10.64.1.5"], ["10.64.1.3"]])
    }

    @Test func `subnets without room for a network's own addresses use them all`() throws {
        let hosts = try topology("small-subnets").hosts
        #expect(hosts.map { addresses($0.uplinks) } == [["192.168.100.4/31"], ["192.168.100.5/31"]])
        #expect(hosts[0].containers.flatMap(addresses) == ["172.17.8.0", "172.17.8.1", "172.17.8.6"])
        #expect(hosts[1].containers.flatMap(addresses) == ["172.17.9.7"])
        #expect(hosts[0].containers.allSatisfy { $0.mtu == 1400 })
    }

    @Test func `links, hosts and containers get an address of each family that there is`() throws {
        let topology = try topology("dual-stack")
        #expect(
            addresses(topology.routers[0].uplinks) == ["192.168.100.1/24", "fd00:100::1/64", "fd00:200::/127"])
        #expect(
            topology.hosts.map { addresses($0.uplinks) } == [
                ["fd00:100::64/64", "192.168.100.100/24", "fd00:200::1/127"],
                ["192.168.100.2/24", "fd00:100::2/64"], ["192.168.100.3/24", "fd00:100::3/64"],
            ])
        #expect(
            topology.hosts.map { $0.blocks.map(\.description) } == [
                ["172.17.0.0/24", "fd00:8::/64"], ["fd00:9::40/122"], ["172.17.1.0/24", "fd00:8:0:1::/64"],
            ])
    }

    @Test func `a container that has written an address of one family is assigned one of the other`() throws {
        let hosts = try topology("dual-stack").hosts
        #expect(
            hosts[0].containers.map(addresses) == [
                ["172.17.0.3", "fd00:8::2"], ["172.17.0.2", "fd00:8::3"], ["172.17.0.9", "fd00:8::7"],
                ["172.17.0.4", "fd00:8::4"],
            ])
        #expect(hosts[1].containers.map(addresses) == [["fd00:9::42"]])
    }

    @Test(arguments: [
        ("fd00:9::/96", "fd00:9::/122"), ("fd00:9::/56", "fd00:9::/64"), ("fd00:9::/124", "fd00:9::/124"),
    ])
    func `an IPv6 pool has blocks of a subnet's length, or of Calico's`(_ pool: String, _ block: String) throws {
        let text = #"{ "version": 1, "network": { "pools": "\#(pool)" }, "hosts": [{ "name": "A", "containers": 1 }] }"#
        #expect(try load(SourceText(name: "t.json", text: text)).hosts[0].blocks.map(\.description) == [block])
    }

    @Test func `a borrowed address is known as such, and nobody else gets it`() throws {
        let hosts = try topology("borrowed").hosts
        #expect(hosts.map { $0.borrowed.map(\.address.description) } == [[], ["172.17.10.2"], ["172.17.9.2"]])
        #expect(hosts[0].containers.flatMap(addresses) == ["172.17.8.2", "172.17.10.3", "172.17.10.4"])
        #expect(hosts[1].containers.flatMap(addresses) == ["172.17.10.2", "172.17.9.3"])
    }

    @Test func `a tunnel's address is the first of a host's first block, in each family`() throws {
        let hosts = try topology("dual-stack").hosts
        #expect(hosts[0].tunnelAddress(.v4)?.description == "172.17.0.0")
        #expect(hosts[0].tunnelAddress(.v6)?.description == "fd00:8::")
        #expect(hosts[1].tunnelAddress(.v4) == nil)
        #expect(hosts[1].blocks[0].firstUsable?.description == "fd00:9::41")
    }

    @Test func `a container's link keeps its name whatever else comes and goes`() throws {
        let one = try load(text(containers: #"[{ "name": "A7" }]"#)).hosts[0].containers
        let many = try load(text(containers: #"[{ "name": "A1" }, { "name": "A7" }, { "name": "A8" }]"#)).hosts[0]
        #expect(one[0].link == many.containers[1].link)
        #expect(one[0].link.text == "cali" + String(stableHash("A/A7"), radix: 16).suffix(11))
        #expect(one[0].link.text.utf8.count == LinkName.maximumLength)
    }

    private func text(containers: String) -> SourceText {
        SourceText(
            name: "t.json",
            text:
                #"{ "version": 1, "hosts": [{ "name": "A", "subnet": "10.0.0.0/24", "containers": \#(containers) }] }"#)
    }

    @Test(arguments: [
        ("{}", "static", 119), (#"{ "profile": "calico" }"#, "static", 12),
        (#"{ "profile": "calico", "peerRouteProtocol": "bgp" }"#, "static", 186),
        (#"{ "peerRouteProtocol": 80 }"#, "static", 80),
    ])
    func `routes between hosts are marked as the profile's own would be`(
        _ network: String, _ distribution: String, _ number: Int
    ) throws {
        let source = SourceText(name: "t.json", text: #"{ "version": 1, "network": \#(network), "hosts": [] }"#)
        let topology = try load(source)
        #expect(Int(topology.peerRouteProtocol.rawValue) == number)
        #expect(topology.model.distribution.rawValue == distribution)
    }

    @Test(arguments: [
        ("lab/two-hosts.json", "two-hosts"), ("my lab (2).json", "my-lab--2-"), ("-", "topology"),
        (".json", "topology"),
    ])
    func `a topology without a name gets its file's`(_ file: String, _ name: String) throws {
        let source = SourceText(name: file, text: #"{ "version": 1, "hosts": [] }"#)
        #expect(try load(source).name == name)
    }

    @Test func `a thousand hosts with a hundred containers each all get an address of their own`() throws {
        let source = SourceText(
            name: "large.json",
            text: """
                { "version": 1, "network": { "pools": ["10.64.0.0/12"] },
                  "segments": [{ "name": "lan", "subnet": "192.168.0.0/16" }],
                  "hosts": [{ "name": "h{1..1000}", "links": [{ "segment": "lan" }], "containers": 100 }] }
                """)
        let hosts = try load(source).hosts
        #expect(hosts.count == 1000)
        #expect(Set(hosts.flatMap(\.containers).flatMap(\.addresses)).count == 100_000)
        #expect(Set(hosts.flatMap(\.blocks)).count == 1000)
    }
}
