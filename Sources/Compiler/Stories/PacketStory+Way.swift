import NetworkState

extension PacketStory {
    /// The way that a question and its answer were seen on, against the one that they should have taken.
    package struct Way: Hashable, Sendable {
        /// Nodes in order, a link where one was named: `A:eth0`. Nil where nothing is said of it.
        package struct Nodes: Hashable, Sendable {
            package let there: [String]?
            package let back: [String]?
            /// What the question is put into: `none`, `vxlan id 4096 dstport 4789`; of the expected, by kind alone.
            package let encapsulation: String?

            package init(there: [String]?, back: [String]?, encapsulation: String?) {
                self.there = there
                self.back = back
                self.encapsulation = encapsulation
            }
        }

        /// Where a leg left the expected way. One that merely ended has not left it.
        package struct Departure: Hashable, Sendable {
            package let leg: Leg
            /// The last node that was right; nil if the first was not.
            package let after: String?
            /// Nil if it should have ended there.
            package let expected: String?
            package let seen: String

            package init(_ leg: Leg, after: String?, expected: String?, seen: String) {
                self.leg = leg
                self.after = after
                self.expected = expected
                self.seen = seen
            }
        }

        package let expected: Nodes
        package let seen: Nodes
        package let departures: [Departure]
        package let isEncapsulationRight: Bool
        /// What on it is not as planned, and why it is not as expected, where the answer came all the same.
        package var reasons: [Reason] = []

        package init(expected: Nodes, seen: Nodes, departures: [Departure], isEncapsulationRight: Bool) {
            self.expected = expected
            self.seen = seen
            self.departures = departures
            self.isEncapsulationRight = isEncapsulationRight
        }

        package var isAsExpected: Bool { departures.isEmpty && isEncapsulationRight }
    }
}

// For people.
extension PacketStory.Way {
    /// Nothing of what is as it should be.
    var text: String {
        if isAsExpected && reasons.isEmpty { return "" }
        let lines = departures.map(\.text) + (isEncapsulationRight ? [] : [encapsulationText])
        let heads =
            isAsExpected
            ? ["the expected way, though not all on it is as planned\n"]
            : lines.map { "not the expected way: \($0)\n" }
        return heads.joined() + reasons.flatMap(\.lines).map { $0 + "\n" }.joined()
    }

    private var encapsulationText: String {
        "the question went in \(seen.encapsulation ?? "none") between hosts, and should have in "
            + (expected.encapsulation ?? "none")
    }
}

extension PacketStory.Way.Departure {
    fileprivate var text: String {
        let packet = leg == .back ? "the answer" : "the question"
        let came = after.map { "from \($0) \(packet) came to \(seen)" } ?? "\(packet) began at \(seen)"
        return came + (expected.map { ", and should have come to \($0)" } ?? ", and should have stayed there")
    }
}

// For programs.
extension PacketStory.Way {
    var json: JSON {
        .object([
            "asExpected": .bool(isAsExpected),
            "expected": expected.json,
            "seen": seen.json,
            "departures": .array(departures.map(\.json)),
            "reasons": .array(reasons.map(\.json)),
        ])
    }
}

extension PacketStory.Way.Nodes {
    fileprivate var json: JSON {
        .members([
            "there": there.map { .array($0.map(JSON.string)) }, "back": back.map { .array($0.map(JSON.string)) },
            "encapsulation": encapsulation.map(JSON.string),
        ])
    }
}

extension PacketStory.Way.Departure {
    fileprivate var json: JSON {
        .members([
            "leg": .string(leg.rawValue), "after": after.map(JSON.string), "expected": expected.map(JSON.string),
            "seen": .string(seen),
        ])
    }
}
