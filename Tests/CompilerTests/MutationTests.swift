import Compiler
import JSONReader
import NetworkState
import TestSupport
import Testing

/// Valid topologies with something torn out, doubled or replaced: nobody can think of every mistake.
struct MutationTests {
    /// The same mutations on every run, so that what fails once fails again.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            return mixed ^ mixed >> 31
        }
    }

    private static let strange: [JSON] = [
        .null, true, 0, -1, 7, 70_000, .integer(.max), .real(1.5), "", "*", "A", "A1", "B1", "lan", "lo", "eth0",
        "h{1..3}",
        "h{1..", "{1..2}", "0.0.0.0/0", "10.0.0.0/8", "172.17.8.0/24", "172.17.8.0/31", "255.255.255.255/32", "::/0",
        "fd00::/64", "172.17.8.2", "192.168.100.1", "255.255.255.255", "fd00::1", "calico", "flannel-vxlan",
        "docker-nat",
        [], [[]], ["lan"], ["172.17.8.0/24", "172.17.8.0/25"], .object([:]), .object(["name": "A"]),
        .object(["type": "vxlan", "when": "crossSubnet"]),
    ]

    @Test(arguments: Fixture.valid, 0..<12 as Range<UInt64>)
    func `whatever happens to a topology, it is either sound or refused with places`(
        _ fixture: Fixture, _ seed: UInt64
    ) throws {
        var dice = Dice(state: seed)
        for _ in 0..<25 {
            var json = try JSON(parsing: fixture.source.text)
            for _ in 0...Int.random(in: 0..<2, using: &dice) { json = mutated(json, &dice) }
            let source = SourceText(name: "mutated.json", text: json.text)
            do throws(InvalidTopology) {
                expectSound(try load(source), json)
            } catch {
                #expect(error.diagnostics.hasErrors)
                let text = error.diagnostics.rendered(in: source, colour: false)
                #expect(
                    text.split(separator: "\n").count { $0.hasPrefix("mutated.json:") } == error.diagnostics.all.count)
            }
        }
    }

    @Test(arguments: Fixture.valid, 0..<10 as Range<UInt64>)
    func `whatever happens to its bytes, a text is read or refused`(_ fixture: Fixture, _ seed: UInt64) {
        var dice = Dice(state: seed)
        for _ in 0..<20 {
            var bytes = Array(fixture.source.text.utf8)
            for _ in 0...Int.random(in: 0..<3, using: &dice) {
                let place = Int.random(in: bytes.indices, using: &dice)
                bytes[place] = Bool.random(using: &dice) ? .random(in: 0...255, using: &dice) : UInt8(ascii: "\"")
            }
            let source = SourceText(
                name: "mutated.json", bytes: Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &dice))))
            let found = diagnostics(of: source)
            #expect(found.isEmpty || found.rendered(in: source, colour: false).hasPrefix("mutated.json:"))
        }
    }

    private func mutated(_ json: JSON, _ dice: inout Dice) -> JSON {
        let stop = Int.random(in: 0..<4, using: &dice) == 0
        switch json {
        case .object(var members) where !members.isEmpty && !stop:
            guard let key = members.keys.sorted().randomElement(using: &dice), let value = members[key] else {
                return json
            }
            members[key] = Int.random(in: 0..<12, using: &dice) == 0 ? nil : mutated(value, &dice)
            return .object(members)
        case .array(var elements) where !elements.isEmpty && !stop:
            let index = Int.random(in: elements.indices, using: &dice)
            let copy = mutated(elements[index], &dice)
            if Int.random(in: 0..<6, using: &dice) == 0 { elements.append(copy) } else { elements[index] = copy }
            return .array(elements)
        default:
            return Self.strange.randomElement(using: &dice) ?? .null
        }
    }

    /// What every later stage takes for granted.
    private func expectSound(_ topology: ValidTopology, _ json: JSON) {
        let comment = Comment(rawValue: json.line)
        let nodes =
            topology.segments.map(\.name) + (topology.routers + topology.servers).map(\.name)
            + topology.hosts.map(\.name)
            + topology.hosts.flatMap(\.containers).map(\.name)
        #expect(Set(nodes).count == nodes.count, comment)
        let uplinks = (topology.routers + topology.servers).flatMap(\.uplinks) + topology.hosts.flatMap(\.uplinks)
        #expect(uplinks.allSatisfy { !$0.addresses.isEmpty && topology.segments.indices.contains($0.segment) }, comment)
        let perHost = topology.hosts.map { $0.containers.flatMap(\.addresses) }
        // Where nothing crosses hosts, each may use what the others use.
        let apart = topology.model.encapsulation == .isolated ? perHost : [perHost.flatMap(\.self)]
        for addresses in apart.map({ $0 + uplinks.flatMap(\.addresses).map(\.address) }) {
            #expect(Set(addresses).count == addresses.count, comment)
        }
        for host in topology.hosts {
            let links = host.uplinks.map(\.name) + host.containers.map(\.link) + [.loopback]
            #expect(Set(links).count == links.count, comment)
            #expect(host.containers.allSatisfy { !$0.addresses.isEmpty && $0.mtu >= 68 }, comment)
            for address in host.containers.flatMap(\.addresses) {
                let isBorrowed = host.borrowed.contains { $0.address == address }
                #expect(host.blocks.contains { $0.contains(address) } != isBorrowed, comment)
            }
            #expect(host.blocks.allSatisfy { !$0.hasHostBits }, comment)
        }
        let ends = Set(topology.hosts.flatMap(\.containers).map(\.name) + topology.servers.map(\.name))
        #expect(topology.expectations.allSatisfy { $0.from.union($0.to).isSubset(of: ends) }, comment)
    }
}
