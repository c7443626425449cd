import NetworkState

// What is said about models that make no sense, and about tunnels that cannot be.
extension Diagnostic {
    static func senseless(_ contradiction: NetworkModel.Contradiction, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.senselessModel, contradiction.message, at: pointer, help: contradiction.help)
    }

    static func notByIPIP(_ what: String, of host: Node, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .senselessModel, "encapsulation 'ipip' is for IPv4 in IPv4, and \(host) has the \(what)", at: pointer,
            help: "encapsulation 'vxlan' carries both families, over either"
        )
    }

    static func noNodeAddress(of host: Node, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .unreachableNode, "\(host) has no address on a segment, so nothing can be sent to it in a tunnel",
            at: pointer, help: "give it a link to a segment"
        )
    }

    static func otherOuterFamily(
        _ address: IPAddress, of host: Node, at pointer: JSONPointer, _ other: IPAddress, of otherHost: Node,
        _ otherPointer: JSONPointer
    ) -> Diagnostic {
        Diagnostic(
            .unreachableNode,
            "\(host) has the tunnel address \(address), which is of another family than that of \(otherHost)",
            at: pointer, notes: [Note("\(otherHost) has \(other)", at: otherPointer)],
            help: "give every host an address of one family; where both are there, tunnels use IPv4"
        )
    }

    static func lostOnUnderlay(
        from source: Int, to target: Int, _ ending: UnderlayMap.Ending, in map: UnderlayMap, others: Int
    ) -> Diagnostic {
        let (host, peer) = (map.machines[source], map.machines[target])
        let (place, reason) = ending.story(in: map)
        let more = others == 0 ? [] : [Note("the same goes for \(grouped(others)) other ways between hosts")]
        return Diagnostic(
            .unreachableNode, "\(host.node) cannot reach \(peer.node), so no tunnel can lead there", at: host.pointer,
            notes: [Note("this is \(peer.node)", at: peer.pointer), Note(reason, at: place)] + more,
            help: "a tunnel's packets go by the machines' own routes: add them under \"routes\", of hosts and routers"
        )
    }

    static func tooManyPorts(_ count: Int, of host: Node, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .tooLarge, "\(host) has \(grouped(count)) containers, which are too many for one bridge", at: pointer,
            help: "the kernel takes \(grouped(NetworkModel.bridgePortLimit)); attachment 'routed' has no such limit"
        )
    }
}

extension UnderlayMap.Ending {
    fileprivate func story(in map: UnderlayMap) -> (JSONPointer, String) {
        switch self {
        case .delivered(let machine):
            (map.machines[machine].pointer, "\(map.machines[machine].node) takes the packets for its own")
        case .noRoute(let machine): (map.machines[machine].pointer, "\(map.machines[machine].node) has no route there")
        case .unanswered(let machine, let address):
            (
                map.machines[machine].pointer,
                "\(map.machines[machine].node) looks for \(address), which nobody has there"
            )
        case .notForwarded(let machine):
            (map.machines[machine].pointer, "\(map.machines[machine].node) is handed the packets, and is no router")
        case .loop(let machine): (map.machines[machine].pointer, "\(map.machines[machine].node) is part of a loop")
        }
    }
}
