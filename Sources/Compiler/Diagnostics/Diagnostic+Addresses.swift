import NetworkState

// What is said about addresses, subnets and routes, and what they do to each other.
extension Diagnostic {
    /// `reason` is why it matters, where that is not plain.
    static func addressOutside(
        _ address: IPAddress, _ subnets: [IPPrefix], of owner: Node, at pointer: JSONPointer, _ place: JSONPointer,
        because reason: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            .addressOutsideSubnet, "\(address) is not in a subnet of \(owner)", at: pointer,
            notes: [Note("\(owner) has \(listed(subnets.map(\.description), "and"))", at: place)]
                + (reason.map { [Note($0)] } ?? [])
        )
    }

    static func wrongLength(_ length: Int, _ address: IPAddress, of subnet: IPPrefix, at pointer: JSONPointer)
        -> Diagnostic
    {
        Diagnostic(
            .addressOutsideSubnet, "\(address)/\(length) does not have the length of its subnet \(subnet)",
            at: pointer, help: "write \(address), or \(address)/\(subnet.length)"
        )
    }

    static func notSingle(_ address: IPAddress, length: Int, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badAddress, "a container has a single address, and \(address)/\(length) is not one", at: pointer,
            help: "write \(address)"
        )
    }

    static func notAHosts(_ address: IPAddress, of subnet: IPPrefix, at pointer: JSONPointer) -> Diagnostic {
        let role = address == subnet.address ? "the network's own" : "the broadcast"
        return Diagnostic(.badAddress, "\(address) is \(role) address in \(subnet)", at: pointer)
    }

    /// `holder` is who has it, where that is on another host.
    static func duplicateAddress(
        _ address: IPAddress, at pointer: JSONPointer, with other: JSONPointer,
        of holder: (node: Node, host: String)? = nil
    ) -> Diagnostic {
        let first = holder.map { "\($0.node) on host \(quoted($0.host)) has it" } ?? "it is given here first"
        return Diagnostic(
            .duplicateAddress, "the address \(address) is taken", at: pointer, notes: [Note(first, at: other)])
    }

    /// Taken by what weft itself sets up: `note` says what that is.
    static func addressInUse(_ address: IPAddress, at pointer: JSONPointer, note: Note) -> Diagnostic {
        Diagnostic(.duplicateAddress, "the address \(address) is taken", at: pointer, notes: [note])
    }

    static func noRoomForBridge(_ block: IPPrefix, at pointer: JSONPointer) -> Diagnostic {
        let least = block.family.width - 2
        return Diagnostic(
            .subnetExhausted, "\(block) has no room for a bridge's gateway and containers", at: pointer,
            help: "the longest that has is a /\(least); with attachment 'routed' there is no bridge"
        )
    }

    static func duplicateMAC(_ mac: MACAddress, at pointer: JSONPointer, with other: JSONPointer) -> Diagnostic {
        Diagnostic(
            .duplicateMAC, "the MAC address \(mac) is taken", at: pointer,
            notes: [Note("it is given here first", at: other)]
        )
    }

    static func duplicateRoute(
        _ destination: IPPrefix, of node: Node, at pointer: JSONPointer, other: Note
    ) -> Diagnostic {
        Diagnostic(
            .duplicateRoute, "\(node) has two routes to \(destination)", at: pointer, notes: [other],
            help: "of routes to one destination the kernel keeps one"
        )
    }

    static func ownGateway(_ gateway: IPAddress, of node: Node, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.nextHopOffLink, "the next hop \(gateway) is \(node) itself", at: pointer)
    }

    static func gatewayOffLink(
        _ gateway: IPAddress, of node: Node, subnets: [IPPrefix], at pointer: JSONPointer
    ) -> Diagnostic {
        Diagnostic(
            .nextHopOffLink, "the next hop \(gateway) is on none of the links of \(node)", at: pointer,
            help: subnets.isEmpty
                ? "it has no links" : "its links are on \(listed(subnets.map(\.description), "and"))"
        )
    }

    static func otherFamily(_ gateway: IPAddress, for destination: IPPrefix, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .nextHopOffLink,
            "the next hop \(gateway) is \(gateway.family.word), but the route to \(destination) is "
                + "\(destination.family.word)", at: pointer,
            help: "write an \(destination.family.word) address of the next hop"
        )
    }

    static func overlap(_ claim: SubnetClaim, with other: SubnetClaim) -> Diagnostic {
        Diagnostic(
            .overlappingSubnets,
            "subnet \(claim.subnet) of \(claim.owner) overlaps \(other.possessive(besides: claim))",
            at: claim.pointer,
            notes: [Note("\(other.owner) has \(other.subnet)", at: other.pointer)],
            help: "an address must lead to one place, so give each subnet a range of its own"
        )
    }

    static func reserved(_ claim: SubnetClaim, _ prefix: IPPrefix, for purpose: String) -> Diagnostic {
        Diagnostic(
            .overlappingSubnets, "subnet \(claim.subnet) overlaps \(prefix), which is \(purpose)", at: claim.pointer,
            help: prefix.family == .v4
                ? "private ranges are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16" : "the private range is fd00::/8"
        )
    }

    static func outsidePools(
        _ subnet: IPPrefix, _ pools: [IPPrefix], at pointer: JSONPointer, _ place: JSONPointer
    ) -> Diagnostic {
        Diagnostic(
            .subnetOutsidePools, "subnet \(subnet) is in none of the pools", at: pointer,
            notes: [
                Note(
                    "\(pools.count == 1 ? "the pool is" : "the pools are") \(listed(pools.map(\.description), "and"))",
                    at: place)
            ]
        )
    }

    /// `family` where there are pools of both.
    static func poolsExhausted(
        _ family: IPAddress.Family?, room: Int, needed: Int, at pointer: JSONPointer
    ) -> Diagnostic {
        Diagnostic(
            .subnetExhausted,
            "the \(family.map { "\($0.word) " } ?? "")pools have blocks for \(grouped(room)) hosts, but \(grouped(needed)) need one",
            at: pointer,
            help: "add a pool, or make the blocks smaller: { \"subnet\": …, \"block\": 26 }"
        )
    }

    static func subnetExhausted(
        _ subnets: [IPPrefix], of owner: Node, room: UInt128, needed: Int, _ things: String, at pointer: JSONPointer,
        _ place: JSONPointer
    ) -> Diagnostic {
        Diagnostic(
            .subnetExhausted, "\(owner) has addresses for \(room) \(things), but \(grouped(needed)) need one",
            at: pointer,
            notes: [Note("it has \(listed(subnets.map(\.description), "and"))", at: place)]
        )
    }
}
