import Compiler
import NetworkState

/// A list that commonly begins with who sends and ends with whom that is for: then what is between tells it.
package struct Stretch<Element: Hashable & Sendable>: Hashable, Sendable {
    private let elements: [Element]
    private let isBetween: Bool

    init(_ list: [Element], from: Element, to: Element?) {
        isBetween = list.count > 1 && list.first == from && list.last == to
        elements = isBetween ? Array(list[1..<(list.count - 1)]) : list
    }

    func list(from: Element, to: Element?) -> [Element] {
        guard isBetween, let to else { return elements }
        return [from] + elements + [to]
    }
}

/// The same of words.
package struct Phrase: Hashable, Sendable {
    private let text: String
    private let isBetween: Bool

    init(_ words: String, from: String, to: String?) {
        let (start, end) = ("\(from) ", " \(to ?? "")")
        isBetween = to != nil && words.hasPrefix(start) && words.dropFirst(start.count).hasSuffix(end)
        text = isBetween ? String(words.dropFirst(start.count).dropLast(end.count)) : words
    }

    func words(from: String, to: String?) -> String {
        guard isBetween, let to else { return text }
        return "\(from) \(text) \(to)"
    }
}

extension Probe: Packable {
    package struct Rest: Hashable, Sendable {
        let `protocol`: ProbeProtocol
        let expected: Bool
        let source: ExpectedSource
        let port: HostPort?
        let origin: JSONPointer?
    }

    package var parts: Parts<Rest> {
        Parts(
            from: from, target: .init(name: to, address: address),
            rest: Rest(protocol: `protocol`, expected: expected, source: source, port: port, origin: origin))
    }

    package init(_ parts: Parts<Rest>) {
        self.init(from: parts.from, to: parts.target, parts.rest)
    }

    fileprivate init(from: String, to target: PackedTarget, _ rest: Rest) {
        guard let to = target.name, let address = target.address else { preconditionFailure("a probe to nobody") }
        self.init(
            from: from, to: to, address: address, protocol: rest.protocol, expected: rest.expected,
            source: rest.source, port: rest.port, origin: rest.origin)
    }
}

// What is asked of one probe among many, without unpacking it.
extension Packed<Probe> {
    func address(at index: Int) -> IPAddress {
        guard let address = target(at: index).address else { preconditionFailure("a probe to nobody") }
        return address
    }

    func `protocol`(at index: Int) -> ProbeProtocol { rest(at: index).protocol }
    func isExpected(at index: Int) -> Bool { rest(at: index).expected }
    func port(at index: Int) -> HostPort? { rest(at: index).port }
}

extension ProbeOutcome: Packable {
    package struct Rest: Hashable, Sendable {
        let probe: Probe.Rest
        let isReachable: Bool
        let attempts: Int
        let cause: String?
        let observedSource: IPAddress?
        let translatedSource: IPAddress?
        let event: String?
        var sight: SightRest?
    }

    package struct SightRest: Hashable, Sendable {
        private let path: Stretch<String>
        private let lastSeen: String?
        private let packets: [Journey.Sighting]

        init(_ sight: Sight, from: String, to: String) {
            path = Stretch(sight.path, from: from, to: to)
            lastSeen = sight.lastSeen
            packets = sight.packets
        }

        func sight(from: String, to: String?) -> Sight {
            Sight(path: path.list(from: from, to: to), lastSeen: lastSeen, packets: packets)
        }
    }

    package var parts: Parts<Rest> {
        let sight = sight.map { SightRest($0, from: probe.from, to: probe.to) }
        let rest = Rest(
            probe: probe.parts.rest, isReachable: isReachable, attempts: attempts, cause: cause,
            observedSource: observedSource, translatedSource: translatedSource, event: event, sight: sight)
        return Parts(
            from: probe.from, target: .init(name: probe.to, address: probe.address), rest: rest,
            number: roundTripMicroseconds.map { UInt32(clamping: $0) } ?? .max)
    }

    package init(_ parts: Parts<Rest>) {
        let rest = parts.rest
        self.init(
            probe: Probe(from: parts.from, to: parts.target, rest.probe), isReachable: rest.isReachable,
            roundTripMicroseconds: parts.number == .max ? nil : Int(parts.number), attempts: rest.attempts,
            cause: rest.cause, observedSource: rest.observedSource, translatedSource: rest.translatedSource)
        event = rest.event
        sight = rest.sight?.sight(from: parts.from, to: parts.target.name)
    }
}

extension Check: Packable {
    package struct Rest: Hashable, Sendable {
        let kind: CheckKind
        let `protocol`: ProbeProtocol?
        let expected: Phrase
        let observed: Phrase?
        let status: Status
        let event: String?
        let place: SourcePlace?
        let path: Stretch<String>
        let packets: [Journey.Sighting]
        let cause: String?
    }

    package var parts: Parts<Rest> {
        let rest = Rest(
            kind: kind, protocol: `protocol`, expected: Phrase(expected, from: from, to: to),
            observed: observed.map { Phrase($0, from: from, to: to) }, status: status, event: event, place: place,
            path: Stretch(path, from: from, to: to), packets: packets, cause: cause)
        return Parts(
            from: from, target: .init(name: to, address: address), rest: rest, number: UInt32(clamping: retries))
    }

    package init(_ parts: Parts<Rest>) {
        let (from, to, rest) = (parts.from, parts.target.name, parts.rest)
        self.init(
            kind: rest.kind, from: from, to: to, address: parts.target.address, protocol: rest.protocol,
            expected: rest.expected.words(from: from, to: to),
            observed: rest.observed?.words(from: from, to: to), status: rest.status, event: rest.event,
            place: rest.place, path: rest.path.list(from: from, to: to), packets: rest.packets,
            retries: Int(parts.number), cause: rest.cause)
    }
}

extension Packed<ProbeOutcome> {
    /// Whether it is by ICMP, which knows no ports.
    func isEcho(at index: Int) -> Bool {
        let probe = rest(at: index).probe
        return probe.protocol == .icmp && probe.port == nil
    }
}
