import Agent
import Netlink
import NetworkState
import Testing

struct ContentionTests {
    private static func at(_ seconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: 1_000_000_000_000 + Int64(seconds * 1e9))
    }

    private static func change(_ container: String) -> Change {
        Change(in: .named(container), from: nil, to: .netns)
    }

    /// Where each repair is undone at once, for as often as `count`: when the repairs are made, and the delays after.
    private func contest(_ contention: inout Contention, count: Int) -> (delays: [Duration], end: Double) {
        var (delays, now) = ([Duration](), 0.0)
        for _ in 0..<count {
            let delay = contention.note([Self.change("A1")], at: Self.at(now)).delay
            delays.append(delay)
            now += max(0.1, delay.seconds)
        }
        return (delays, now)
    }

    @Test func `five repairs are nobody's business, and from the sixth on each wait is twice as long, up to a minute`()
    {
        var contention = Contention()
        let (delays, _) = contest(&contention, count: 14)
        #expect(delays.map { $0.components.seconds } == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(contention.count == 1)
    }

    @Test func `only what is contested is named`() {
        var contention = Contention()
        for second in 0..<5 { _ = contention.note([Self.change("A1")], at: Self.at(Double(second))) }
        let verdict = contention.note([Self.change("A1"), Self.change("A2")], at: Self.at(5))
        #expect(verdict.contested == [Self.change("A1")])
        #expect(verdict.delay == .seconds(1))
    }

    @Test func `repairs that are far between are no contest`() {
        var contention = Contention()
        for count in 0..<50 {
            let verdict = contention.note([Self.change("A1")], at: Self.at(Double(count) * 6.1))
            #expect(verdict.contested.isEmpty)
        }
    }

    @Test func `a contest is over when nobody has come back for as long as it would have been waited for`() {
        var contention = Contention()
        let (_, end) = contest(&contention, count: 9)
        #expect(contention.calm(at: Self.at(end + 29)).isEmpty)
        #expect(contention.calm(at: Self.at(end + 31)) == [Self.change("A1").place])
        #expect(contention.count == 0)
        #expect(contention.note([Self.change("A1")], at: Self.at(end + 32)).contested.isEmpty)
    }
}
