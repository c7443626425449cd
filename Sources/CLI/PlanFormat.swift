import ArgumentParser
import Compiler
import NetworkState

enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// For programs: canonical.
    case json
    /// For a shell: runnable iproute2 commands.
    case ip

    func render(_ plan: Plan, isColoured: Bool) -> String {
        switch self {
        case .text: PlanText(plan, isColoured: isColoured).text
        case .json: plan.json.text
        case .ip: plan.script
        }
    }
}
