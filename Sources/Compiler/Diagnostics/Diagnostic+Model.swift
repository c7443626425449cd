import NetworkState

// What is said about the network model and what it asks of the underlay.
extension Diagnostic {
    static func unsupported(_ choice: UnsupportedChoice, at pointer: JSONPointer, profile: String?) -> Diagnostic {
        let what = "\(choice.axis) '\(choice.value)'"
        let message =
            profile.map { "profile '\($0)' means \(what), which weft cannot configure yet" }
            ?? "weft cannot configure \(what) yet"
        let supported = listed(choice.supported.map { "'\($0)'" })
        return Diagnostic(.unsupportedModel, message, at: pointer, help: "it can configure \(choice.axis) \(supported)")
    }

    static func mtuTooLarge(
        _ mtu: UInt32, limit: UInt32, at pointer: JSONPointer, note: Note
    ) -> Diagnostic {
        Diagnostic(
            .mtuTooLarge, "an MTU of \(mtu) does not fit the underlay", at: pointer, notes: [note],
            help: "at most \(limit) does; packets that are larger would be dropped"
        )
    }

    static func tooNarrowForIPv6(_ mtu: UInt32, _ what: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .mtuOutOfRange, "an MTU of \(mtu) on \(what) is too small for IPv6", at: pointer,
            help: "IPv6 needs at least \(IPv6MTUCheck.minimum)"
        )
    }

    static func noSharedSegment(_ pair: PairApart) -> Diagnostic {
        Diagnostic(
            .nextHopOffLink,
            "\(pair.host) and \(pair.other) share no segment, so neither can be the other's next hop",
            at: pair.pointer,
            notes: [
                Note("this is \(pair.other)", at: pair.otherPointer),
                Note("routers in between know no route to containers and would drop the packets"),
            ] + pair.more,
            help: "link both to one segment, or use encapsulation 'vxlan' or 'ipip', perhaps only 'crossSubnet'"
        )
    }

    /// Of two hosts that share a segment, but none on which both have an address of `family`.
    static func noSharedFamily(_ family: IPAddress.Family, _ pair: PairApart) -> Diagnostic {
        Diagnostic(
            .nextHopOffLink,
            "\(pair.host) and \(pair.other) have \(family.word) containers, but share no segment with "
                + "\(family.word) addresses, so neither can be the other's next hop", at: pair.pointer,
            notes: [Note("this is \(pair.other)", at: pair.otherPointer)] + pair.more,
            help: "give a segment that both are on a subnet of each family: \"subnet\": [\"192.168.100.0/24\", "
                + "\"fd00:100::/64\"]"
        )
    }

    static func portConflict(
        _ port: PublishedPort, of container: Node, with other: Node, on host: Node, at pointer: JSONPointer,
        _ place: JSONPointer
    ) -> Diagnostic {
        let message =
            container == other
            ? "\(container) publishes port \(port.hostSide) of \(host) twice"
            : "\(container) and \(other) both publish port \(port.hostSide) of \(host)"
        return Diagnostic(
            .portConflict, message, at: pointer, notes: [Note("it is published here first", at: place)],
            help: "a port of the host leads to one container: publish another one"
        )
    }

    static func uselessPublish(by container: Node, _ model: NetworkModel, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .uselessPublish,
            "\(container) publishes ports, but with encapsulation '\(model.encapsulation.rawValue)' it is reached by its "
                + "own address",
            at: pointer,
            help: "leave 'publish' out, or use encapsulation 'isolated' (profile 'docker-nat')"
        )
    }
}

extension PairApart {
    fileprivate var more: [Diagnostic.Note] {
        others == 0 ? [] : [Diagnostic.Note("the same goes for \(grouped(others)) other pairs of hosts")]
    }
}
