package import NetworkState

/// What differs between two states of a network, of all that a packet's way depends on.
package struct PredictedCulprit: Hashable, Sendable {
    package let node: String
    /// From what is there to what should be.
    package let change: Change

    /// As plans and reports say it: `route A/172.17.9.0/24 is missing: via 192.168.100.101 dev eth0`.
    package var text: String {
        let name = "\(change.identity.kind) \(change.name(on: node))"
        switch (change.before, change.after) {
        case (nil, let after?): return "\(name) is missing: \(after.words)"
        case (let before?, let after?):
            return "\(name) is not as planned: \(after.differences(from: before).joined(separator: ", "))"
        default: return "\(name) is there, and not planned: \(change.resource.words)"
        }
    }
}

extension Prediction {
    /// Why it is not as `plan` would have it, by the first of the things that decide it there and are otherwise here.
    ///
    /// - `state`, `planned`: the namespaces that this prediction and `plan` were made from.
    package func culprits(
        against plan: Prediction, in state: [String: NamespaceState], _ planned: [String: NamespaceState]
    ) -> [PredictedCulprit] {
        let decisive = [there.ending.decider, back?.ending.decider].compactMap(\.self)
        let here = decisive + there.reliances + (back?.reliances ?? [])
        let meant = plan.there.reliances + (plan.back?.reliances ?? [])
        var seen: Set<PredictedCulprit> = []
        let culprits =
            decisive.compactMap { culprit($0, state, planned, isDecisive: true) }
            + (meant + here).compactMap { culprit($0, state, planned, isDecisive: false) }
        return culprits.filter { seen.insert($0).inserted }
    }

    /// Nil if the one has what the other has. What nobody declares, such as settings of the kernel's own, is as it likes,
    /// unless it decides.
    private func culprit(
        _ reliance: Reliance, _ state: [String: NamespaceState], _ planned: [String: NamespaceState], isDecisive: Bool
    ) -> PredictedCulprit? {
        let identity = reliance.resource.identity
        let (before, after) = (state[reliance.node]?[identity], planned[reliance.node]?[identity])
        switch (before, after) {
        case (nil, nil): return nil
        case (let before?, let after?) where after.isSatisfied(by: before): return nil
        case (let before?, nil) where before.isMadeByKernel && !isDecisive: return nil
        default: return PredictedCulprit(node: reliance.node, change: Change(in: .own, from: before, to: after))
        }
    }
}
