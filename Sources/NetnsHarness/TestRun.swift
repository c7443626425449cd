package import Applier
package import Compiler
import Netlink
import Synchronization

/// The proof of several topologies, some of them side by side.
///
/// Each has a thread whose mounts are its own: what labs call `/run` is another folder for each, so that none sees
/// another's namespaces, whatever they are called. Processes and threads that a thread starts see what it sees
/// (mount_namespaces(7)). Its descriptors are its own as well, since a large lab needs all that a process may have.
package final class TestRun: Sendable {
    /// What came of one topology.
    package struct Proof: Sendable {
        package let report: ReachabilityReport
        /// Whether the lab had been told the neighbours that ARP would have found.
        package let isPinned: Bool
        /// What its lab is called, which is up still; nil if it is gone.
        package let lab: String?
    }

    package struct Failure: Error {
        package let index: Int
        package let error: ApplyError
    }

    private let labs: [Lab]
    private let jobs: Int
    private let pairLimit: Int
    private let protocols: Set<ProbeProtocol>
    private let keepsPackets: Bool
    private let keeper: LabKeeper?
    private let progress: Mutex<Progress>

    private struct Progress {
        var proofs: [Proof?]
        /// How many have been told of.
        var told = 0
    }

    /// - `jobs`: how many are proven at the same time.
    /// - `protocols`: what to probe by.
    /// - `keepsPackets`: whether what fails is asked once more with everything recorded, for evidence.
    /// - `keeper`: has the labs of those that fail; nil if they go like the others.
    package init(
        _ labs: [Lab], jobs: Int = 1, pairLimit: Int = PairSelection.standardLimit,
        protocols: Set<ProbeProtocol> = Set(ProbeProtocol.allCases), keepsPackets: Bool = false,
        keeper: LabKeeper? = nil
    ) {
        self.labs = labs
        self.jobs = min(jobs, labs.count)
        self.pairLimit = pairLimit
        self.protocols = protocols
        self.keepsPackets = keepsPackets
        self.keeper = keeper
        progress = Mutex(Progress(proofs: Array(repeating: nil, count: labs.count)))
    }

    /// Proves all of them; the process must have secluded itself. The first that the machine fails at ends it, once those
    /// that have begun are through.
    ///
    /// - `progress`: is told what is done now.
    /// - `finished`: is told what came of each, in the labs' order, as early as can be.
    package func run(
        progress: @escaping @Sendable (String) -> Void, finished: @escaping @Sendable (Int, Proof) -> Void
    ) throws(Failure) {
        let turns = Turns<Failure>(count: labs.count)
        let work = { @Sendable in self.work(turns, progress, finished) }
        do throws(SystemError) {
            try PacketStamps.switchOn()
            try withFurtherThreads(jobs, work) {}
        } catch {
            throw Failure(index: 0, error: .system(error, .unchanged))
        }
        guard let failure = turns.failure else { return }
        tellRest(finished)
        throw failure
    }

    private func work(
        _ turns: Turns<Failure>, _ progress: @escaping @Sendable (String) -> Void,
        _ finished: @escaping @Sendable (Int, Proof) -> Void
    ) {
        while let index = turns.take() {
            let label = labs.count > 1 ? "[\(index + 1)/\(labs.count)] \(labs[index].topology.name): " : ""
            do throws(ApplyError) {
                let proof = try proveApart(labs[index]) { progress(label + $0) }
                note(proof, of: index, finished)
            } catch { turns.fail(index, Failure(index: index, error: error)) }
        }
    }

    /// Told under the lock, so that none overtakes another.
    private func note(_ proof: Proof, of index: Int, _ finished: (Int, Proof) -> Void) {
        progress.withLock { progress in
            progress.proofs[index] = proof
            while progress.told < labs.count, let proof = progress.proofs[progress.told] {
                finished(progress.told, proof)
                progress.told += 1
            }
        }
    }

    /// What was waiting for one that never came.
    private func tellRest(_ finished: (Int, Proof) -> Void) {
        progress.withLock { progress in
            for index in progress.told..<labs.count {
                if let proof = progress.proofs[index] { finished(index, proof) }
            }
        }
    }

    /// On a thread of its own, as mounts once separated stay so, and a lab that is kept goes on with them.
    private func proveApart(_ lab: Lab, _ progress: @escaping @Sendable (String) -> Void) throws(ApplyError) -> Proof {
        let outcome = try systems { () throws(SystemError) in
            let thread = try RunningThread {
                Result { () throws(ApplyError) in
                    try systems { () throws(SystemError) in
                        try Seclusion.separateDescriptors()
                        try Seclusion.enter()
                    }
                    return try self.prove(lab, progress)
                }
            }
            return try thread.join().get()
        }
        return try outcome.get()
    }

    private func prove(_ lab: Lab, _ progress: (String) -> Void) throws(ApplyError) -> Proof {
        let turn = try systems { () throws(SystemError) in
            try lab.workloads?.takeTurn { progress("waiting for running containers, which another test has") }
        }
        defer { extendLifetime(turn) }
        let test = TopologyTest(lab, pairLimit: pairLimit, protocols: protocols, keepsPackets: keepsPackets)
        var isPinned = false
        do throws(ApplyError) {
            isPinned = try lab.up(hostPairs: test.hostPairs, sharing: jobs, progress: progress)
        } catch {
            guard let obstacle = error.obstacle else { throw error }
            try systems { () throws(SystemError) in try lab.down() }
            return Proof(report: test.skipped(because: obstacle), isPinned: false, lab: nil)
        }
        ThisProcess.giveBackMemory()
        progress("probing")
        let report = try test.run(progress: progress)
        if report.failed > 0, let keeper {
            return Proof(report: report, isPinned: isPinned, lab: try keeper.keep(lab))
        }
        try systems { () throws(SystemError) in try lab.down() }
        return Proof(report: report, isPinned: isPinned, lab: nil)
    }
}

extension ApplyError {
    /// Why a topology could not be tested here, where that says nothing against it.
    fileprivate var obstacle: String? {
        switch self {
        case .lacking(let feature, let reason):
            "this kernel has no \(feature.rawValue) (\(reason)); way out: \(feature.remedy)"
        case .absentWorkloads: "\(self)".split(separator: "\n").joined(separator: "; ")
        default: nil
        }
    }
}
