import Glibc
import Netlink
package import NetworkState

/// Whether a few routes are as changes have left them, asked for one by one where a dump would tell of a hundred thousand.
///
/// A change of a route takes nothing else along, so that nothing else need be looked at.
struct RouteProof {
    /// Of as many a dump is hardly slower.
    private static let limit = 32

    private struct Expectation {
        let route: Route
        let isThere: Bool
    }

    private var expected: [Netns: [Route.Identity: Expectation]] = [:]

    /// Nil if `changes` are of other things as well, or of many.
    init?(of changes: [Change]) {
        if changes.count > Self.limit { return nil }
        for change in changes {
            guard case .route(let route) = change.resource, route.table == Route.mainTable, route.kind == .unicast
            else { return nil }
            let expectation = Expectation(route: route, isThere: change.after != nil)
            expected[change.netns, default: [:]][route.identity] = expectation
        }
    }

    /// False where an answer is no proof, as where a narrower route decides: then it takes a dump.
    func isGiven(in namespaces: OpenNamespaces) throws(ApplyError) -> Bool {
        for (netns, expectations) in expected {
            guard let namespace = try namespaces.opened(netns) else { return false }
            let expectations = Array(expectations.values)
            let answers: [RouteQuestion.Answer]
            do throws(NetlinkError) {
                answers = try namespace.answers(
                    to: expectations.map { RouteQuestion(to: $0.route.destination.address) })
            } catch {
                // It has come since links were looked at.
                if case .unknownLink = error { return false }
                throw ApplyError(observing: netns, error)
            }
            guard zip(expectations, answers).allSatisfy(Self.isProven) else { return false }
        }
        return true
    }

    private static func isProven(_ expectation: Expectation, by answer: RouteQuestion.Answer) -> Bool {
        let route = expectation.route
        switch answer {
        case .route(let found) where expectation.isThere:
            return found.identity == route.identity && route.isSatisfied(by: found)
        case .route(let found):
            return found.table == route.table && found.destination.length < route.destination.length
        case .refused(let errno): return !expectation.isThere && errno == ENETUNREACH
        case .delivered: return false
        }
    }
}

extension Applier {
    /// Whether the kernel says of every one of `changes` that it was made; false also where it takes a dump to tell.
    package func hasProof(of changes: [Change]) throws(ApplyError) -> Bool {
        try RouteProof(of: changes)?.isGiven(in: namespaces) ?? false
    }
}
