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

    static func noSharedSegment(
        _ first: Node, _ second: Node, others: Int, at pointer: JSONPointer, _ place: JSONPointer
    )
        -> Diagnostic
    {
        let more = others == 0 ? [] : [Note("the same goes for \(grouped(others)) other pairs of hosts")]
        return Diagnostic(
            .nextHopOffLink,
            "\(first) and \(second) share no segment, so neither can be the other's next hop", at: pointer,
            notes: [
                Note("\(second) is linked elsewhere", at: place),
                Note("routers in between know no route to containers and would drop the packets"),
            ] + more,
            help: "link both to one segment, or use encapsulation 'vxlan' or 'ipip', perhaps only 'crossSubnet'"
        )
    }
}
