import Compiler
import NetworkState

/// What a passage should be like, and what was seen of it.
struct PassageLook {
    let passage: CheckList.Passage
    var attempts = 0
    var journey = Journey() {
        didSet { (there, back) = (journey.stops(.there), journey.stops(.back)) }
    }
    /// The stops of the journey, found out once.
    private var there: [(node: String, links: [String])]
    private var back: [(node: String, links: [String])]

    init(passage: CheckList.Passage, journey: Journey = Journey()) {
        self.passage = passage
        self.journey = journey
        (there, back) = (journey.stops(.there), journey.stops(.back))
    }

    private func stops(_ leg: Journey.Leg) -> [(node: String, links: [String])] {
        switch leg {
        case .there: there
        case .back: back
        case .error: journey.stops(.error)
        }
    }

    func nodes(_ leg: Journey.Leg) -> [String] { stops(leg).map(\.node) }

    var isAsExpected: Bool { isPathRight && isEncapsulationRight }

    // MARK: The way

    var isPathRight: Bool {
        matches(passage.there, .there) && matches(passage.back, .back)
    }

    private func matches(_ expected: [PathElement]?, _ leg: Journey.Leg) -> Bool {
        guard let expected else { return true }
        let stops = stops(leg)
        return stops.map(\.node) == expected.map(\.node)
            && zip(expected, stops).allSatisfy { element, stop in
                element.link.map { stop.links.contains($0.text) } ?? true
            }
    }

    /// `A1 A B B1`; with the way back where that is not the same reversed. Nil where nothing is expected.
    var expectedPath: String? {
        guard passage.there != nil || passage.back != nil else { return nil }
        return Self.words(passage.there?.map(\.text), passage.back?.map(\.text))
    }

    var observedPath: String {
        let (there, back) = (nodes(.there), nodes(.back))
        if there.isEmpty { return "never seen" }
        let isWhole = there.last == passage.to
        if back.isEmpty {
            let last = journey.last.map { ", last seen at \($0.text)" } ?? ""
            return there.joined(separator: " ") + (isWhole ? ", no answer" : "") + last
        }
        let withLinks =
            (passage.there ?? []).contains { $0.link != nil } || (passage.back ?? []).contains { $0.link != nil }
        return withLinks
            ? Self.words(linked(.there), linked(.back)) : Self.words(there, back)
    }

    private func linked(_ leg: Journey.Leg) -> [String] {
        stops(leg).map { "\($0.node):\($0.links.joined(separator: ","))" }
    }

    private static func words(_ there: [String]?, _ back: [String]?) -> String {
        let away = there?.joined(separator: " ")
        guard let back, back != there.map({ $0.reversed() }) else { return away ?? "" }
        return [away, "back " + back.joined(separator: " ")].compactMap(\.self).joined(separator: ", ")
    }

    // MARK: What it is put into

    var isEncapsulationRight: Bool {
        guard let expected = passage.encapsulation else { return true }
        // What did not get through may have been lost before it was put into anything; that its way is wrong is told.
        if there.last?.node != passage.to, journey.tunnels(.there).isEmpty { return true }
        return journey.tunnels(.there).map(\.word) == expected.tunnelWords
    }

    /// `none`, `vxlan 4096`
    var observedTunnels: String {
        let tunnels = journey.tunnels(.there).map(\.text)
        return tunnels.isEmpty ? "none" : tunnels.joined(separator: " and ")
    }
}

extension PathElement {
    var text: String { link.map { "\(node):\($0.text)" } ?? node }
}

extension NetworkModel.Encapsulation {
    /// What goes between hosts: Docker's NAT puts nothing into anything.
    var tunnelWord: String { tunnelWords.first ?? "none" }

    fileprivate var tunnelWords: [String] { self == .none || self == .isolated ? [] : [rawValue] }
}

extension Tunnel {
    var word: String {
        switch self {
        case .vxlan: "vxlan"
        case .ipip: "ipip"
        case .udp: "udp"
        }
    }

    var text: String {
        switch self {
        case .vxlan(let id, let port): "vxlan id \(id) dstport \(port)"
        case .ipip: "ipip"
        case .udp(let port): "udp port \(port)"
        }
    }
}
