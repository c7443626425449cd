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

    /// For standard output.
    func render(_ plan: Plan, _ detail: DetailOptions) -> String {
        switch self {
        case .text:
            PlanText(plan, isColoured: Terminal.isColoured(Terminal.output), isVerbose: detail.verbose).text
        case .json: plan.json.text
        case .ip: plan.script
        }
    }
}

/// How much of a plan to print.
struct DetailOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Show each change, of many that are alike as well.")
    var verbose = false
}
