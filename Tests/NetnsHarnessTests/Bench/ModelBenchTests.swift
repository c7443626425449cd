import Compiler
import Foundation
import Netlink
import NetnsHarness
import TestSupport
import Testing

/// Real traffic, for a moment: that it flows and is counted, never how fast.
@Suite(.namespaces)
struct ModelBenchTests {
    private func withLab(_ subject: BenchSubject, _ body: (BenchLab) throws -> Void) throws {
        let lab = try BenchLab(subject, in: "/run/weft-\(UUID().uuidString)")
        defer { try? lab.down() }
        try lab.up()
        try body(lab)
    }

    @Test func `every subject has a value a round in every metric, and all are positive`() throws {
        try withLab(.hosts) { hosts in
            try withLab(.baseline) { calico in
                let bench = ModelBench(duration: .milliseconds(500), rounds: 2)
                let paths = try [hosts, calico].map { (subject: $0.subject, path: try $0.openPath()) }
                let figures = try bench.measure(paths)
                #expect(Set(figures.keys) == [.hosts, .baseline])
                for (subject, figures) in figures {
                    for metric in BenchMetric.allCases {
                        #expect(figures[metric].values.count == 2, "\(subject) \(metric)")
                        #expect(figures[metric].minimum > 0, "\(subject) \(metric)")
                    }
                }
            }
        }
    }

    @Test func `no more arrives than was sent`() throws {
        try withLab(.baseline) { lab in
            let path = try lab.openPath()
            // On a busy machine a thread may not get a processor for a tenth of a second.
            let (warmUp, duration) = (Duration.milliseconds(20), Duration.seconds(1))
            let flood = try path.flood(payload: 64, warmUp: warmUp, duration: duration)
            #expect(flood.received > 0)
            #expect(flood.received <= flood.sent)
            let transfer = try path.transfer(warmUp: warmUp, duration: duration)
            #expect(transfer.sent > 0)
            #expect(transfer.received == transfer.sent)
            let times = try path.roundTrips(warmUp: warmUp, duration: duration)
            #expect(!times.isEmpty)
            #expect(times.allSatisfy { $0 > 0 })
        }
    }

    @Test func `processor time of the processes that carry packets counts`() throws {
        let child = Process()
        child.executableURL = URL(filePath: "/bin/sh")
        child.arguments = ["-c", "while :; do :; done"]
        try child.run()
        // A child of a worker thread has its signals blocked, all but this one, and would go on until the last test ends.
        defer { kill(child.processIdentifier, SIGKILL) }
        let (own, both) = (try ProcessorClock(), try ProcessorClock(with: [child.processIdentifier]))
        #expect(try eventually { try both.nanoseconds() > own.nanoseconds() + 1_000_000 })
    }

    @Test func `a path that leads nowhere is an error that names the subject`() throws {
        let path = TrafficPath(
            from: try NetworkNamespace(), to: try NetworkNamespace(),
            target: SocketAddress(.v4, bits: 0xac11_0902, port: 5201), clock: try ProcessorClock())
        let bench = ModelBench(duration: .milliseconds(50), rounds: 1)
        let error = #expect(throws: SystemError.self) { try bench.measure([(.baseline, path)]) }
        #expect(error?.operation.hasPrefix("calico: connect to port 5201") == true)
    }

    @Test func `a model that cannot be set up is told with the reason, and left out of the measuring`() throws {
        var setup = BenchSetup(in: "/proc/none")
        setup.add(.baseline)
        #expect(setup.obstacles[.baseline]?.hasPrefix("it cannot be set up: ") == true)
        #expect(try setup.openPaths().isEmpty)
    }

    /// Of every profile, since the compiler refuses some of them as yet.
    @Test(arguments: NetworkModel.Profile.allCases)
    func `the topology of a bench is valid wherever its model is supported`(_ profile: NetworkModel.Profile) throws {
        let subject = BenchSubject.profile(profile)
        if profile.model.unsupportedChoice == nil {
            #expect(try load(subject.topology).hosts.map { $0.containers.count } == [1, 1])
        } else {
            #expect(throws: InvalidTopology.self) { try load(subject.topology) }
        }
    }
}
