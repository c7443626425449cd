import NetworkState

extension Topology.Network {
    /// Where nothing is written, all defaults; where it is unreadable, so are the pools it may have had.
    init(_ member: Member<Topology.Network>) {
        switch member {
        case .absent: self.init(pointer: .root)
        case .unreadable(let pointer):
            self.init(profile: .unreadable(pointer), pools: .unreadable(pointer), pointer: pointer)
        case .written(let network, _): self = network
        }
    }
}

extension Reading<Topology.Network> {
    static var network: Reading {
        Reading { json, pointer, diagnostics in
            let keys = [
                "profile", "attachment", "encapsulation", "distribution", "peerRouteProtocol", "egress",
                "nextHops", "pools", "mtu", "description",
            ]
            guard let members = Members(json, "a network", at: pointer, keys: keys, &diagnostics) else { return nil }
            return Topology.Network(
                profile: members.read("profile", .word, &diagnostics),
                attachment: members.read("attachment", .word, &diagnostics),
                encapsulation: members.read("encapsulation", .encapsulation, &diagnostics),
                distribution: members.read("distribution", .word, &diagnostics),
                peerRouteProtocol: members.read("peerRouteProtocol", .routeProtocol, &diagnostics),
                egress: members.read("egress", .word, &diagnostics),
                nextHops: members.read("nextHops", .word, &diagnostics),
                pools: members.read("pools", .oneOrMany(of: .pool), &diagnostics),
                mtu: members.read("mtu", .mtu, &diagnostics),
                pointer: pointer
            )
        }
    }
}

extension Reading<Topology.Encapsulation> {
    /// `"vxlan"`, or `{ "type": "vxlan", "when": "crossSubnet" }`.
    static var encapsulation: Reading {
        Reading { json, pointer, diagnostics in
            guard json.object != nil else {
                let type = Reading<NetworkModel.Encapsulation>.word.read(json, pointer, &diagnostics)
                return type.map { Topology.Encapsulation(type: $0, when: .always, whenPointer: pointer) }
            }
            guard
                let members = Members(json, "an encapsulation", at: pointer, keys: ["type", "when"], &diagnostics)
            else { return nil }
            let type = members.require("type", Reading<NetworkModel.Encapsulation>.word, &diagnostics)
            let when = members.read("when", Reading<NetworkModel.When>.word, &diagnostics)
            guard let type = type.value, !when.isUnreadable else { return nil }
            return Topology.Encapsulation(
                type: type, when: when.value ?? .always, whenPointer: when.pointer ?? pointer
            )
        }
    }
}

extension Reading<Topology.Pool> {
    /// `"10.64.0.0/12"`, or `{ "subnet": "10.64.0.0/12", "block": 26 }`.
    static var pool: Reading {
        Reading { json, pointer, diagnostics in
            guard json.object != nil else {
                let subnet = Reading<IPPrefix>.subnet.read(json, pointer, &diagnostics)
                return subnet.map { Topology.Pool(subnet: $0, blockLength: nil) }
            }
            guard let members = Members(json, "a pool", at: pointer, keys: ["subnet", "block"], &diagnostics)
            else { return nil }
            let subnet = members.require("subnet", .subnet, &diagnostics)
            let block = members.read("block", .integer, &diagnostics)
            guard let subnet = subnet.value, !block.isUnreadable else { return nil }
            guard case .written(let length, let place) = block else {
                return Topology.Pool(subnet: subnet, blockLength: nil)
            }
            guard (Int64(subnet.length)...Int64(subnet.family.width)).contains(length) else {
                diagnostics.report(.badBlockLength(length, of: subnet, at: place))
                return nil
            }
            return Topology.Pool(subnet: subnet, blockLength: Int(length))
        }
    }
}
