import ArgumentParser

@main
struct Weft: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weft",
        abstract: "Compiles, applies and proves container networks.",
        discussion: """
            One topology file says what a network is. weft compiles it into plans equivalent to iproute2 commands, \
            applies them through netlink, and proves in network namespaces that every container reaches every other.

            Exit codes: 0 done; 1 an expectation failed, or nothing could be done; 2 changes are pending or were made, or \
            diff found some; 4 the topology is invalid; 5 the plan is stale; 6 locked; 7 a foreign object is in the way; \
            8 failed and rolled back; 9 failed and not wholly rolled back; 10 the kernel or user lacks something; 64 usage.
            """,
        version: "0.1.0",
        subcommands: [
            CheckCommand.self, CompileCommand.self, DiffCommand.self, GraphCommand.self, PlanCommand.self,
            ShowCommand.self,
            ApplyCommand.self, ConfirmCommand.self, RollbackCommand.self, DestroyCommand.self, AgentCommand.self,
            LabCommand.self, TestCommand.self, TraceCommand.self, ExplainCommand.self, BenchCommand.self,
            ForwardCommand.self,
            DoctorCommand.self,
            GuardCommand.self,
        ]
    )

    static func main() {
        Terminal.prepare()
        main(nil)
    }
}
