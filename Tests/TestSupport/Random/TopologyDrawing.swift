package import Compiler
package import NetworkState

/// A topology drawn at random, of all that the format has: models, several segments and links, routers, servers, egress, routes,
/// borrowed addresses, one family or both.
///
/// It is small, as what goes wrong among many goes wrong among few.
package struct TopologyDrawing {
    private var generator: SeededGenerator
    private let profile: NetworkModel.Profile
    private let families: [IPAddress.Family]
    private let segments: [Segment]
    private var routers: [Machine] = []
    private var servers: [Machine] = []
    private var hosts: [Machine] = []

    private struct Segment {
        let name: String
        let number: Int
    }

    private struct Machine {
        let name: String
        /// The last part of its addresses.
        let number: Int
        /// By their indices.
        let segments: [Int]
    }

    /// The first valid one that `isFit`.
    package static func topology(
        using generator: inout SeededGenerator, where isFit: (ValidTopology) -> Bool
    ) -> JSON {
        // Not every model takes everything, and whether it does is for the compiler to say.
        while true {
            var drawing = TopologyDrawing(using: generator)
            let json = drawing.json
            generator = drawing.generator
            if let topology = try? load(SourceText(name: "random.json", text: json.text)), isFit(topology) {
                return json
            }
        }
    }

    private init(using generator: SeededGenerator) {
        self.generator = generator
        profile = NetworkModel.Profile.allCases.randomElement(using: &self.generator) ?? .calico
        families = [[.v4], [.v4], [.v4], [.v6], [.v4, .v6]].randomElement(using: &self.generator) ?? [.v4]
        let names = ["lan", "far", "outside"].prefix(Int.random(in: 1...3, using: &self.generator))
        segments = names.enumerated().map { Segment(name: $1, number: 100 + $0) }
        let routerCount = segments.count > 1 ? Int.random(in: 1...2, using: &self.generator) : 0
        routers = (0..<routerCount).map { draw("R", $0, from: 1, links: 2...3) }
        servers = (0..<Int.random(in: 0...1, using: &self.generator)).map { draw("S", $0, from: 80, links: 1...1) }
        hosts = (0..<Int.random(in: 1...4, using: &self.generator)).map { draw("", $0, from: 100, links: 1...2) }
    }

    private mutating func draw(_ prefix: String, _ index: Int, from number: Int, links: ClosedRange<Int>) -> Machine {
        let letters = ["A", "B", "C", "D"]
        let count = Int.random(in: links, using: &generator)
        let own = segments.indices.shuffled(using: &generator).prefix(count).sorted()
        return Machine(
            name: prefix.isEmpty ? letters[index] : "\(prefix)\(index + 1)", number: number + index, segments: own)
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
}

// What is written of each.
extension TopologyDrawing {
    private var json: JSON {
        mutating get {
            .members([
                "version": 1, "name": "random", "network": network,
                "segments": .array(segments.map(json)),
                "routers": .array(routers.map { json($0, neighbours: hosts) }),
                "servers": .array(servers.map { json($0, neighbours: routers + hosts) }),
                "hosts": .array(hosts.indices.map { host($0) }),
            ])
        }
    }

    private var network: JSON {
        mutating get {
            let model = profile.model
            let isLimited = [.vxlan, .ipip].contains(model.encapsulation) && chance(40)
            let limited = JSON.members(["type": .string(model.encapsulation.rawValue), "when": "crossSubnet"])
            return .members([
                "profile": .string(profile.rawValue),
                "encapsulation": isLimited ? limited : nil,
                "egress": chance(35) ? "masquerade" : nil,
            ])
        }
    }

    private func json(_ segment: Segment) -> JSON {
        let subnets = families.map { family -> JSON in
            family == .v4 ? .string("192.168.\(segment.number).0/24") : .string("fd00:\(segment.number)::/64")
        }
        return .members(["name": .string(segment.name), "subnet": .array(subnets)])
    }

    private func address(of machine: Machine, on segment: Int, _ family: IPAddress.Family) -> String {
        let number = segments[segment].number
        return family == .v4 ? "192.168.\(number).\(machine.number)" : "fd00:\(number)::\(machine.number)"
    }

    private func links(of machine: Machine) -> JSON {
        .array(
            machine.segments.map { segment in
                let addresses = families.map { JSON.string(address(of: machine, on: segment, $0)) }
                return .members(["segment": .string(segments[segment].name), "address": .array(addresses)])
            })
    }

    private mutating func json(_ machine: Machine, neighbours: [Machine]) -> JSON {
        .members([
            "name": .string(machine.name), "links": links(of: machine),
            "routes": .array(routes(of: machine, to: hosts.indices.map { $0 }, through: neighbours)),
        ])
    }
}

// Routes that somebody has set.
extension TopologyDrawing {
    /// Some of those to segments that are not its own, to hosts' blocks, and to everywhere; each through a neighbour.
    private mutating func routes(of machine: Machine, to blocks: [Int], through neighbours: [Machine]) -> [JSON] {
        var routes: [JSON] = []
        for family in families {
            let far = segments.indices.filter { !machine.segments.contains($0) }.map { network(ofSegment: $0, family) }
            let inner = blocks.filter { hosts[$0].name != machine.name }.map { block($0, family) }
            let everywhere = family == .v4 ? "0.0.0.0/0" : "::/0"
            for destination in far + inner + [everywhere] where chance(55) {
                // To hosts' blocks by the host itself, as a rule: who else knows the way?
                let owner = inner.firstIndex(of: destination).map { hosts[blocks[$0]] }
                let through = owner.map { chance(80) ? [$0] : neighbours } ?? neighbours
                guard let gateway = gateway(from: machine, through, family) else { continue }
                routes.append(.members(["to": .string(destination), "via": .string(gateway)]))
            }
        }
        return routes
    }

    private mutating func gateway(
        from machine: Machine, _ neighbours: [Machine], _ family: IPAddress.Family
    ) -> String? {
        let near = neighbours.filter { $0.name != machine.name }.flatMap { neighbour in
            neighbour.segments.filter(machine.segments.contains).map { address(of: neighbour, on: $0, family) }
        }
        return near.randomElement(using: &generator)
    }

    private func network(ofSegment segment: Int, _ family: IPAddress.Family) -> String {
        let number = segments[segment].number
        return family == .v4 ? "192.168.\(number).0/24" : "fd00:\(number)::/64"
    }

    private func block(_ host: Int, _ family: IPAddress.Family) -> String {
        family == .v4 ? "172.17.\(8 + host).0/24" : "fd00:17:0:\(8 + host)::/64"
    }
}

// Hosts and containers.
extension TopologyDrawing {
    private mutating func host(_ index: Int) -> JSON {
        let machine = hosts[index]
        // What leads to other hosts' containers is weft's to set.
        let routes = routes(of: machine, to: [], through: routers)
        let containers = (0..<Int.random(in: 0...3, using: &generator)).map { container($0, on: index) }
        return .members([
            "name": .string(machine.name), "links": links(of: machine), "routes": .array(routes),
            "subnet": .array(families.map { .string(block(index, $0)) }), "containers": .array(containers),
        ])
    }

    private mutating func container(_ index: Int, on host: Int) -> JSON {
        let isBorrowing = profile.model.attachment == .routed && hosts.count > 1 && chance(8)
        let block = isBorrowing ? (host + 1) % hosts.count : host
        // One family, the other, or both.
        let own = families.count > 1 && chance(30) ? [families[Int.random(in: 0...1, using: &generator)]] : families
        let number = isBorrowing ? 200 + host * 10 + index : 2 + index
        let addresses = own.map { family -> JSON in
            family == .v4 ? .string("172.17.\(8 + block).\(number)") : .string("fd00:17:0:\(8 + block)::\(number)")
        }
        return .members([
            "name": .string("\(hosts[host].name)\(index + 1)"), "link": .string("veth\(index + 1)"),
            "address": .array(addresses),
            "mac": chance(20) ? .string("02:00:00:00:0\(host):1\(index)") : nil,
        ])
    }
}
