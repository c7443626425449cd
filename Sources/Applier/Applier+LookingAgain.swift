import Glibc
import Netlink

extension Applier {
    /// How often a host that changes under our hands is looked at before we give up.
    private static let looks = 3

    /// Runs `transaction`, and again if it has failed, been undone, and may find the host otherwise when it looks again.
    ///
    /// - `isSupervised`: whether somebody watches over it, who would be told of each attempt: then once is enough.
    static func lookingAgain<Result>(
        isSupervised: Bool, _ transaction: () throws(ApplyError) -> Result
    ) throws(ApplyError) -> Result {
        for _ in 1..<(isSupervised ? 1 : looks) {
            do throws(ApplyError) { return try transaction() } catch { guard error.maySettle else { throw error } }
        }
        return try transaction()
    }
}

extension ApplyError {
    /// Whether somebody else may have changed the host between our look at it and our change, so that a plan made now
    /// would be another: it would have a conflict, or one thing more or less to do.
    ///
    /// Not where something is left: what the next plan would make of that is for its reader to decide.
    fileprivate var maySettle: Bool {
        if case .incomplete = outcome { return false }
        return switch self {
        case .failed(let failure, _, _): failure.cause.tellsOfAnother
        case .verification: true
        case .conflicts, .missingLinks, .absentWorkloads, .lacking, .stale, .locked, .corruptLedger, .corruptJournal,
            .unconfirmed,
            .settled,
            .unprivileged, .unobservable, .unlistable, .refused, .system, .notUndone:
            false
        }
    }
}

extension ApplyError.Cause {
    /// Whether something is there that was not, or is not there that was; or whether the kernel's answer was lost.
    fileprivate var tellsOfAnother: Bool {
        switch self {
        case .netlink(.overrun): true
        case .netlink(let error): error.saysNotThere || error.errno == EEXIST
        // EBUSY: the name of a TUN link is taken (`tun_set_iff` in drivers/net/tun.c).
        case .system(let error): [EEXIST, ENOENT, ENODEV, EBUSY].contains(error.errno)
        case .missingLink, .missingNetns: true
        case .nftables: false
        }
    }
}
