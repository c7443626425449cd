import Compiler
import Foundation
import NetworkState
import TestSupport
import Testing

/// The ways of packets as they follow from a topology, without sending any.
struct ExpectedWaysTests {
    private static let golden = Repository.tests.appending(path: "CompilerTests/Golden/ways")

    @Test(arguments: Fixture.valid)
    func `each pair's way there and back is told`(_ fixture: Fixture) throws {
        let topology = try load(fixture.source)
        expectGolden(
            Self.ways(of: topology).joined(separator: "\n") + "\n", Self.golden.appending(path: "\(fixture.name).txt"))
    }

    @Test(arguments: Fixture.valid)
    func `a way back is the way there of whoever answers`(_ fixture: Fixture) throws {
        let topology = try load(fixture.source)
        let ways = ExpectedWays(topology)
        let ends = topology.hosts.flatMap(\.containers).prefix(30)
        for (from, to) in ends.flatMap({ from in ends.map { (from, $0) } }) where from.name != to.name {
            for (own, address) in Self.addresses(from.addresses, to.addresses) {
                let way = ways.passage(from: from.name, at: own, to: to.name, at: address)
                let back = ways.passage(from: to.name, at: address, to: from.name, at: own)
                #expect(way?.back == back?.there)
                #expect(way?.returnEncapsulation == back?.encapsulation)
                #expect(way?.there.first == way?.back.last)
                #expect(way.map { Set($0.there).count == $0.there.count } ?? true, "no node twice")
            }
        }
    }

    @Test func `a server whose route leads by another host is answered straight`() throws {
        let text = """
            { "version": 1, "network": { "profile": "calico" },
              "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }, { "name": "far", "subnet": "10.9.0.0/24" }],
              "routers": [{ "name": "R", "routes": [{ "to": "172.17.8.0/24", "via": "192.168.100.101" }],
                "links": [{ "segment": "lan", "address": "192.168.100.1" }, { "segment": "far", "address": "10.9.0.1" }] }],
              "servers": [{ "name": "web", "links": [{ "segment": "far", "address": "10.9.0.80" }],
                "routes": [{ "to": "0.0.0.0/0", "via": "10.9.0.1" }] }],
              "hosts": [
                { "name": "A", "links": [{ "segment": "lan", "address": "192.168.100.100" }], "subnet": "172.17.8.0/24",
                  "routes": [{ "to": "10.9.0.0/24", "via": "192.168.100.1" }], "containers": 1 },
                { "name": "B", "links": [{ "segment": "lan", "address": "192.168.100.101" }], "subnet": "172.17.9.0/24",
                  "routes": [{ "to": "10.9.0.0/24", "via": "192.168.100.1" }], "containers": 1 }] }
            """
        let ways = ExpectedWays(try load(SourceText(name: "asymmetric.json", text: text)))
        let (web, a1) = (IPAddress(v4: 0x0a09_0050), IPAddress(v4: 0xac11_0802))
        let way = ways.passage(from: "web", at: web, to: "A1", at: a1)
        #expect(way?.there == ["web", "R", "B", "A", "A1"])
        #expect(way?.back == ["A1", "A", "R", "web"])
    }

    /// One line a pair and family: who, the way there and back, and what packets are in. Two containers of each host tell
    /// what there is to tell, and more than four hosts nobody reads.
    private static func ways(of topology: ValidTopology) -> [String] {
        let ways = ExpectedWays(topology)
        let containers = topology.hosts.prefix(4).flatMap { host in
            host.containers.prefix(2).map { ($0.name, $0.addresses) }
        }
        let servers = topology.servers.map { ($0.name, $0.uplinks.flatMap(\.addresses).map(\.address)) }
        let ends = containers + servers
        return ends.flatMap { from in ends.map { (from, $0) } }.filter { $0.0 != $1.0 }.flatMap { from, to in
            addresses(from.1, to.1).map { own, address in
                let way = ways.passage(from: from.0, at: own, to: to.0, at: address)
                return "\(from.0) to \(to.0) at \(address): \(way.map(text) ?? "no way")"
            }
        }
    }

    private static func text(_ way: ExpectedWays.Passage) -> String {
        let there = way.there.joined(separator: " ") + " in \(way.encapsulation)"
        return "\(there), back \(way.back.joined(separator: " ")) in \(way.returnEncapsulation)"
    }

    private static func addresses(_ own: [IPAddress], _ other: [IPAddress]) -> [(IPAddress, IPAddress)] {
        other.compactMap { address in own.first { $0.family == address.family }.map { ($0, address) } }
    }
}
