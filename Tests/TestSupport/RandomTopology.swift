package import Compiler

extension ValidTopology {
    /// Two to four hosts under any model, with IPv4 or with IPv6 beside it, whose containers, addresses and link names are
    /// drawn from few, so that two such topologies often give one name to different things.
    ///
    /// The first host is `h0`, with 192.168.100.100/24 and fd00:100::64/64 on `eth0`.
    package static func random(
        using generator: inout some RandomNumberGenerator, where isFit: (ValidTopology) -> Bool = { _ in true }
    ) -> ValidTopology {
        // Not every model takes every address.
        while true {
            let source = SourceText(name: "random.json", text: randomText(using: &generator))
            if let topology = try? load(source), isFit(topology) { return topology }
        }
    }

    private static func randomText(using generator: inout some RandomNumberGenerator) -> String {
        let profile = NetworkModel.Profile.allCases.randomElement(using: &generator) ?? .calico
        let egress = NetworkModel.Egress.allCases.randomElement(using: &generator) ?? .none
        let mtu = [1300, 1400].randomElement(using: &generator) ?? 1400
        let hasIPv6 = Bool.random(using: &generator)
        let hosts = (0..<Int.random(in: 2...4, using: &generator)).map { number in
            randomHost(number, hasIPv6, using: &generator)
        }
        return """
            {"version": 1, "name": "random",
             "network": {"profile": "\(profile.rawValue)", "egress": "\(egress.rawValue)", "mtu": \(mtu)},
             "segments": [{"name": "lan", "subnet": ["192.168.100.0/24", "fd00:100::/64"]}],
             "hosts": [\(hosts.joined(separator: ","))]}
            """
    }

    private static func randomHost(
        _ number: Int, _ hasIPv6: Bool, using generator: inout some RandomNumberGenerator
    ) -> String {
        var names = (1...5).map { "c\(number)-\($0)" }.shuffled(using: &generator)
        var links = (1...6).map { "veth\($0)" }.shuffled(using: &generator)
        var numbers = (2...9).shuffled(using: &generator)
        let containers = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            let own = numbers.removeLast()
            let (v4, v6) = ("\"172.17.\(8 + number).\(own)\"", "\"fd00:\(10 + number)::\(own)\"")
            // One family, the other, or both.
            let addresses = hasIPv6 ? [v4, v6, "\(v4), \(v6)"].randomElement(using: &generator) ?? v4 : v4
            return #"{"name": "\#(names.removeLast())", "link": "\#(links.removeLast())", "address": [\#(addresses)]}"#
        }
        let subnets = ["\"172.17.\(8 + number).0/24\""] + (hasIPv6 ? ["\"fd00:\(10 + number)::/64\""] : [])
        let hexadecimal = String(0x64 + number, radix: 16)
        return """
            {"name": "h\(number)", "subnet": [\(subnets.joined(separator: ", "))],
             "links": [{"segment": "lan", "address": ["192.168.100.\(100 + number)", "fd00:100::\(hexadecimal)"]}],
             "containers": [\(containers.joined(separator: ", "))]}
            """
    }
}
