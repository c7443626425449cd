package import Netlink
import NetworkState

/// The subjects that are at work, and why others are not: one model that does not work here is no reason to learn
/// nothing of the rest.
package struct BenchSetup {
    private var labs: [BenchLab] = []
    /// What came in between, of those that are not at work.
    package private(set) var obstacles: [BenchSubject: String] = [:]
    private let folder: String

    /// - `folder`: where the labs have their namespaces and ledgers.
    package init(in folder: String) {
        self.folder = folder
    }

    /// Brings up a subject's lab, and sends a first few bytes through it.
    package mutating func add(_ subject: BenchSubject) {
        do {
            let lab = try BenchLab(subject, in: folder)
            labs.append(lab)
            try lab.up()
            _ = try lab.openPath().repeating { path throws(SystemError) in
                try path.roundTrips(warmUp: .zero, duration: .milliseconds(10))
            }
        } catch let error as SystemError {
            obstacles[subject] = "no answer comes through it: \(error)"
        } catch {
            obstacles[subject] = "it cannot be set up: \(error)"
        }
    }

    package func openPaths() throws(SystemError) -> [(subject: BenchSubject, path: TrafficPath)] {
        try labs.filter { obstacles[$0.subject] == nil }.map { lab throws(SystemError) in
            (subject: lab.subject, path: try lab.openPath())
        }
    }

    package func down() throws(SystemError) {
        for lab in labs { try lab.down() }
    }
}
