import NetworkState

@testable import Compiler

extension ValidTopology {
    /// Two to four hosts under any model, whose containers, addresses and link names are drawn from few, so that two such topologies
    /// often give one name to different things.
    static func random(using generator: inout some RandomNumberGenerator) -> ValidTopology {
        let hostCount = Int.random(in: 2...4, using: &generator)
        let hosts = (0..<hostCount).map { Host.random(index: $0, using: &generator) }
        let segment = Segment(
            name: "lan", subnets: [prefix(0xc0a8_6400, 24), prefixV6(0x100, 0)], mtu: 1500, pointer: .root)
        let profile = NetworkModel.Profile.allCases.randomElement(using: &generator) ?? .calico
        return ValidTopology(
            name: "random", model: profile.model, peerRouteProtocol: .bird,
            egress: Bool.random(using: &generator) ? .masquerade : .none, pools: [], mtu: 1400,
            segments: [segment], routers: [], servers: [], hosts: hosts, expectations: [], networkPointer: .root)
    }

    fileprivate static func prefix(_ bits: UInt32, _ length: Int) -> IPPrefix {
        guard let prefix = IPPrefix(IPAddress(v4: bits), length: length) else { preconditionFailure("\(length)") }
        return prefix
    }
}

extension ValidTopology {
    /// `fd00:NETWORK::ADDRESS/64`
    fileprivate static func prefixV6(_ network: UInt128, _ address: UInt128) -> IPPrefix {
        let address = IPAddress(family: .v6, bits: 0xfd00 << 112 | network << 96 | address)
        guard let prefix = IPPrefix(address, length: 64) else { preconditionFailure("\(address)") }
        return prefix
    }
}

extension ValidTopology.Host {
    fileprivate static func random(index: Int, using generator: inout some RandomNumberGenerator) -> Self {
        let number = UInt32(index)
        let block = ValidTopology.prefix(0xac11_0800 + (number << 8), 24)
        let blockV6 = ValidTopology.prefixV6(0x10 + UInt128(number), 0)
        let uplink = ValidTopology.Uplink(
            name: LinkName(known: "eth0"), segment: 0,
            addresses: [
                ValidTopology.prefix(0xc0a8_6464 + number, 24), ValidTopology.prefixV6(0x100, 0x64 + UInt128(number)),
            ],
            mtu: 1500, pointer: .root)
        var names = (1...5).map { "c\(index)-\($0)" }.shuffled(using: &generator)
        var links = (1...6).map { LinkName(known: "veth\($0)") }.shuffled(using: &generator)
        var addresses = (2...9).map { IPAddress(v4: UInt32(truncatingIfNeeded: block.address.bits) + $0) }
            .shuffled(using: &generator)
        let mtu: UInt32 = [1400, 1500].randomElement(using: &generator) ?? 1500
        let containers = (0..<Int.random(in: 0...4, using: &generator)).map { index in
            let address = addresses.removeLast()
            let v6 = blockV6.address.advanced(by: 2 + UInt128(index)) ?? blockV6.address
            // One family, the other, or both.
            let own = [[address], [v6], [address, v6]].randomElement(using: &generator) ?? []
            return ValidTopology.Container(
                name: names.removeLast(), addresses: own, link: links.removeLast(), mac: nil,
                published: [], mtu: mtu, pointer: .root)
        }
        return Self(
            name: "h\(index)", uplinks: [uplink], routes: [], blocks: [block, blockV6], containers: containers,
            pointer: .root,
            blocksPointer: .root)
    }
}
