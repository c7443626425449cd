package import Netlink
package import NetworkState
import Synchronization

/// A steady stream of echo requests (ICMP), a thousand a second on each of several ways, for as long as something else goes
/// on: what the network loses meanwhile shows, and for how long.
package final class PacketStream: Sendable {
    /// From where to where.
    package struct Way: Hashable, Sendable {
        /// Index into the namespaces.
        package let source: Int
        package let destination: IPAddress

        package init(from source: Int, to destination: IPAddress) {
            self.source = source
            self.destination = destination
        }
    }

    /// What has come of one way since the first packet on it that was answered: until nodes have found each other, packets wait for
    /// that, and the first of them have to make way for those behind.
    package struct Tally: Hashable, Sendable {
        package fileprivate(set) var sent = 0
        package fileprivate(set) var answered = 0
        package fileprivate(set) var firstAnswer: MonotonicTime?
        /// The longest time between two answers; what was lost there shows as its length.
        package fileprivate(set) var longestSilence = Duration.zero
        private var lastAnswer: MonotonicTime?
        /// The numbers of the packets that were sent while none had been answered.
        private var early: [UInt16] = []
        private var firstNumber: UInt16?

        package var lost: Int { sent - answered }

        fileprivate mutating func noteSent(_ number: UInt16) {
            sent += 1
            if firstNumber == nil { early.append(number) }
        }

        fileprivate mutating func noteAnswer(to number: UInt16, at arrival: MonotonicTime) {
            if let firstNumber {
                // Numbers go round.
                if Int16(bitPattern: number &- firstNumber) < 0 { return }
            } else {
                firstNumber = number
                firstAnswer = arrival
                sent -= early.firstIndex(of: number) ?? 0
                early = []
            }
            answered += 1
            if let lastAnswer {
                longestSilence = max(longestSilence, .nanoseconds(arrival.nanoseconds - lastAnswer.nanoseconds))
            }
            lastAnswer = arrival
        }
    }

    private struct State {
        var tallies: [Tally]
        var isEnding = false
    }

    private let state: Mutex<State>

    private init(ways: Int) {
        state = Mutex(State(tallies: Array(repeating: Tally(), count: ways)))
    }

    /// Keeps `ways` busy while `body` does its work, and gives what came of each; answers may still come some time after.
    ///
    /// - `namespaces`: descriptors of those that the ways start in.
    package static func run(
        _ ways: [Way], in namespaces: [Int32], during body: (PacketStream) throws -> Void
    ) throws -> [Tally] {
        let stream = PacketStream(ways: ways.count)
        let thread = try RunningThread { () throws(SystemError) in
            var course = try StreamCourse.open(ways, in: namespaces)
            try course.run(for: stream)
        }
        let outcome = Result { try body(stream) }
        stream.state.withLock { $0.isEnding = true }
        try thread.join().get()
        try outcome.get()
        return stream.state.withLock { $0.tallies }
    }

    /// When the first answer came, if one has.
    package func firstAnswer(on way: Int) -> MonotonicTime? { state.withLock { $0.tallies[way].firstAnswer } }

    /// Waits until every way has had an answer, if it has one to come.
    package func awaitFirstAnswers(within patience: Duration) {
        let deadline = MonotonicTime.now + patience
        while MonotonicTime.now < deadline, state.withLock({ $0.tallies.contains { $0.firstAnswer == nil } }) {
            (MonotonicTime.now + .milliseconds(1)).await()
        }
    }

    var isEnding: Bool { state.withLock { $0.isEnding } }

    /// Whether everything that was sent has been answered.
    var isComplete: Bool { state.withLock { $0.tallies.allSatisfy { $0.lost == 0 } } }

    func noteSent(_ number: UInt16, on way: Int) { state.withLock { $0.tallies[way].noteSent(number) } }

    func noteAnswer(to number: UInt16, on way: Int, at arrival: MonotonicTime) {
        state.withLock { $0.tallies[way].noteAnswer(to: number, at: arrival) }
    }
}
