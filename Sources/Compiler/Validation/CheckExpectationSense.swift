import NetworkState

// Whether what is said can be true or false at all.
extension ExpectationResolution {
    func checkSense(_ expectation: Topology.Expectation, _ diagnostics: inout Diagnostics) {
        if !expectation.gateway.isAbsent, let place = expectation.placeOfPairs {
            diagnostics.report(.gatewayOfPairs(at: place))
        }
        if let place = expectation.protocols.pointer, !expectation.sendsProbes {
            diagnostics.report(.protocolsOfNothing(at: place))
        }
        if expectation.isReachable.value == false, let (key, place) = expectation.placeOfArrival {
            diagnostics.report(.arrivalOfNothing(key, at: place))
        }
        if case .written(.isolated, let place) = expectation.encapsulation {
            diagnostics.report(.isolatedPackets(at: place))
        }
    }

    /// Of the very same pairs: an exception to what is said of more is what the order is for.
    func checkContrary(_ expectations: [ValidTopology.Expectation], _ diagnostics: inout Diagnostics) {
        var earlier: [Pairs: ValidTopology.Expectation] = [:]
        for expectation in expectations {
            guard let isReachable = expectation.isReachable else { continue }
            for kind in expectation.protocols.sorted() {
                let pairs = Pairs(
                    from: expectation.from, to: expectation.to, port: expectation.port, protocol: kind)
                let former = earlier.updateValue(expectation, forKey: pairs)
                if let former, former.isReachable != isReachable {
                    diagnostics.report(.contrary(isReachable, at: expectation.pointer, to: former.pointer))
                }
            }
        }
    }

    private struct Pairs: Hashable {
        let from: Set<String>
        let to: Set<String>
        let port: UInt16?
        let `protocol`: ProbeProtocol
    }
}

extension Topology.Expectation {
    /// Then it is that they reach each other.
    var saysOnlyWho: Bool {
        path.isAbsent && returnPath.isAbsent && encapsulation.isAbsent && mtu.isAbsent && source.isAbsent
            && bulk.isAbsent && gateway.isAbsent
    }

    /// Whether anything is sent that has a protocol of the author's choice.
    fileprivate var sendsProbes: Bool {
        saysOnlyWho || !isReachable.isAbsent || !port.isAbsent || !source.isAbsent
    }

    /// Where something is said of what gets there by a protocol that nothing is to get there by.
    fileprivate var placeOfArrival: (key: String, place: JSONPointer)? {
        guard port.isAbsent else { return nil }
        let closed = protocols.value.map { Set($0.map(\.value)) } ?? Set(ProbeProtocol.allCases)
        let said: [(ProbeProtocol, String, JSONPointer?)] = [
            (.icmp, "path", path.pointer), (.icmp, "return", returnPath.pointer),
            (.icmp, "encapsulation", encapsulation.pointer), (.icmp, "mtu", mtu.pointer), (.tcp, "bulk", bulk.pointer),
        ]
        return said.lazy.compactMap { kind, key, place in place.flatMap { closed.contains(kind) ? (key, $0) : nil } }
            .first
    }

    /// Where something is said that takes two.
    fileprivate var placeOfPairs: JSONPointer? {
        to.pointer ?? isReachable.pointer ?? protocols.pointer ?? port.pointer ?? path.pointer ?? returnPath.pointer
            ?? encapsulation.pointer ?? mtu.pointer ?? source.pointer ?? bulk.pointer
    }
}
