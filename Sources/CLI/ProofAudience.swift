import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState
import Synchronization

/// Tells what comes of each topology as soon as it can be told, and keeps it for the files that are written at the end.
final class ProofAudience: Sendable {
    private struct State {
        var reports: [FiledReport] = []
        var end: ExitCode?
    }

    private let format: TestFormat
    private let isOfMany: Bool
    private let evidence: EvidenceFolder?
    private let state = Mutex(State())

    init(_ format: TestFormat, isOfMany: Bool, _ evidence: EvidenceFolder?) {
        self.format = format
        self.isOfMany = isOfMany
        self.evidence = evidence
    }

    /// Of all that were proven, in the files' order.
    var reports: [FiledReport] { state.withLock { $0.reports } }

    /// Follows a run to its end; what it ends with if the machine has failed.
    func attend(_ run: TestRun, _ labs: [Lab]) -> ExitCode? {
        do throws(TestRun.Failure) {
            try run.run(progress: Terminal.progress) { self.hear($1, of: labs[$0].source.name) }
        } catch {
            Terminal.endProgress()
            Terminal.note((isOfMany ? "\(labs[error.index].source.name): " : "") + "\(error.error)")
            return error.error.exitCode
        }
        return state.withLock { $0.end }
    }

    private func hear(_ proof: TestRun.Proof, of file: String) {
        Terminal.endProgress()
        let report = FiledReport(file: file, report: withEvidence(proof.report))
        state.withLock { $0.reports.append(report) }
        if proof.isPinned { Terminal.note(Self.pinNote) }
        if format != .json {
            if isOfMany { Terminal.print("== \(file)\n") }
            Terminal.print(report.report.text())
        }
        if format == .github { Terminal.print(report.annotations) }
        guard let lab = proof.lab else { return }
        Terminal.note("lab \(lab) is kept: weft lab exec \(lab) NODE -- COMMAND; weft lab down \(lab)")
    }

    /// What cannot be written is said, and the run goes on: the results are worth more.
    private func withEvidence(_ report: ReachabilityReport) -> ReachabilityReport {
        var report = report
        do throws(SystemError) {
            try evidence?.write(&report)
        } catch {
            Terminal.note("\(error)")
            state.withLock { $0.end = CommandOutcome.failed.exitCode }
        }
        return report
    }

    private static let pinNote = """
        this many containers would overflow the kernel's neighbour table (gc_thresh3), so the lab has filled in the \
        neighbours that ARP would have found
        """
}
