import Netlink
import Testing

@testable import NetnsHarness

struct SendQueueTests {
    private func drain(_ queue: inout SendQueue) -> [Int] {
        var taken: [Int] = []
        while let probe = queue.next() { taken.append(probe) }
        return taken
    }

    @Test func `sources take turns of eight`() {
        var queue = SendQueue(sources: 2)
        for probe in 0..<20 { queue.append(probe, from: probe / 10) }
        #expect(drain(&queue) == Array(0..<8) + Array(10..<18) + [8, 9, 18, 19])
        #expect(queue.count == 0)
        #expect(!queue.hasNext)
    }

    @Test func `a source with too much under way waits, others do not`() {
        var queue = SendQueue(sources: 3, limitPerSource: 2)
        for probe in 0..<4 { queue.append(probe, from: 0) }
        queue.append(10, from: 2)
        #expect(drain(&queue) == [0, 1, 10])
        #expect(!queue.hasNext)
        queue.release(0)
        #expect(queue.hasNext)
        #expect(drain(&queue) == [2])
        #expect(queue.count == 1)
    }

    @Test func `all sources together keep to the limit`() {
        var queue = SendQueue(sources: 2, limit: 3)
        for probe in 0..<6 { queue.append(probe, from: probe % 2) }
        #expect(drain(&queue).count == 3)
        queue.release(1)
        #expect(drain(&queue).count == 1)
    }

    @Test func `timers come due in order, whatever their durations`() {
        var timers = AttemptTimers()
        let start = MonotonicTime(nanoseconds: 0)
        timers.schedule(1, attempt: 1, at: start, after: .milliseconds(50))
        timers.schedule(2, attempt: 1, at: start, after: .milliseconds(10))
        timers.schedule(3, attempt: 2, at: start + .milliseconds(1), after: .milliseconds(10))
        #expect(timers.next == start + .milliseconds(10))
        #expect(timers.popDue(at: start + .milliseconds(9)) == nil)
        #expect(timers.popDue(at: start + .milliseconds(10))?.probe == 2)
        #expect(timers.popDue(at: start + .milliseconds(10)) == nil)
        #expect(timers.popDue(at: start + .milliseconds(60))?.attempt != nil)
        #expect(timers.popDue(at: start + .milliseconds(60))?.attempt != nil)
        #expect(timers.next == nil)
    }
}
