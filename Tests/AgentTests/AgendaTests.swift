import Agent
import Netlink
import Testing

struct AgendaTests {
    private static func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000)
    }

    /// One that has had its first look, at 0.
    private var agenda: Agenda {
        var agenda = Agenda(interval: .seconds(30), now: Self.at(0))
        _ = agenda.take(at: Self.at(0))
        return agenda
    }

    @Test func `the first thing to do is to read the topology and to look`() {
        var agenda = Agenda(interval: .seconds(30), now: Self.at(0))
        #expect(agenda.next() == Self.at(0))
        #expect(agenda.take(at: Self.at(0)) == Agenda.Work(readsSource: true, causes: [.interval]))
        #expect(agenda.take(at: Self.at(0)).isNothing)
    }

    @Test func `a burst is one look, once there has been quiet`() {
        var agenda = agenda
        for time: Int64 in [100, 110, 125] { agenda.note(.kernel, at: Self.at(time)) }
        #expect(agenda.next() == Self.at(145))
        #expect(agenda.take(at: Self.at(144)).isNothing)
        #expect(agenda.take(at: Self.at(145)).causes == [.kernel])
        #expect(agenda.take(at: Self.at(146)).isNothing)
    }

    @Test func `who never stops is looked at all the same`() {
        var agenda = agenda
        for time in stride(from: Int64(100), through: 600, by: 10) { agenda.note(.kernel, at: Self.at(time)) }
        #expect(agenda.next() == Self.at(600))
        #expect(agenda.take(at: Self.at(600)).causes == [.kernel])
    }

    @Test func `lost announcements are a cause of their own`() {
        var agenda = agenda
        agenda.note(.overrun, at: Self.at(100))
        #expect(agenda.take(at: Self.at(120)).causes == [.overrun])
        agenda.note(.kernel, at: Self.at(200))
        #expect(agenda.take(at: Self.at(220)).causes == [.kernel])
    }

    @Test func `time that passes is a cause, and every look starts it anew`() {
        var agenda = agenda
        #expect(agenda.next() == Self.at(30_000))
        agenda.note(.kernel, at: Self.at(10_000))
        _ = agenda.take(at: Self.at(10_020))
        #expect(agenda.next() == Self.at(40_020))
        #expect(agenda.take(at: Self.at(40_020)) == Agenda.Work(readsSource: true, causes: [.interval]))
    }

    @Test func `a truce keeps the kernel waiting, and neither the topology nor a signal`() {
        var agenda = agenda
        agenda.holdOff(until: Self.at(5000))
        agenda.note(.kernel, at: Self.at(100))
        #expect(agenda.next() == Self.at(5000))
        #expect(agenda.take(at: Self.at(200)).isNothing)
        agenda.note(.source, at: Self.at(300))
        #expect(agenda.next() == Self.at(320))
        #expect(agenda.take(at: Self.at(320)) == Agenda.Work(readsSource: true, causes: []))
        agenda.note(.reload, at: Self.at(400))
        #expect(agenda.next() <= Self.at(400))
        #expect(agenda.take(at: Self.at(400)).causes == [.reload])
        #expect(agenda.take(at: Self.at(5000)).causes == [.kernel, .retry])
    }

    @Test func `a retry comes when it is due, and not where something else came first`() {
        var agenda = agenda
        agenda.retry(at: Self.at(1000))
        #expect(agenda.next() == Self.at(1000))
        #expect(agenda.take(at: Self.at(1000)).causes == [.retry])
        agenda.retry(at: Self.at(3000))
        agenda.note(.kernel, at: Self.at(2000))
        #expect(agenda.take(at: Self.at(2020)).causes == [.kernel])
        #expect(agenda.take(at: Self.at(3000)).isNothing)
    }
}
