import Applier
import TestSupport
import Testing

/// Topologies of a model that this kernel cannot carry out.
@Suite(.namespaces, .enabled(if: !ThisKernel.has(.ipip), "this kernel has ipip"))
struct LackingKernelTests {
    @Test(arguments: ["plan", "apply"])
    func `a kernel without the tunnel is told so before anything is touched`(_ command: String) throws {
        let machine = try Machine()
        let before = try machine.dump()
        let finished = try machine.weft(command, "-", "--host", "A", input: tunnelled())
        #expect(finished.status == 10)
        #expect(finished.output.isEmpty)
        #expect(
            finished.errors.contains("this kernel has no ipip, needed for encapsulation ipip"), "\(finished.errors)")
        #expect(finished.errors.contains("modprobe ipip"))
        try expectSame(machine.dump(), before)
        #expect(try machine.namespaces.isEmpty)
    }

    @Test func `weft test and lab up tell it by the same exit code`() throws {
        for command in [["test", "-"], ["lab", "up", "-", "--name", "tunnelled"]] {
            let finished = try run([Weft.path] + command, input: try tunnelled())
            #expect(finished.status == 10, "\(command): \(finished.errors)")
            #expect(finished.errors.contains("this kernel has no ipip"))
        }
        #expect(try !Weft.run("lab", "list").output.contains("tunnelled"))
    }

    private func tunnelled() throws -> String {
        let plain = try TopologyFile("calico-two-hosts").text
        return plain.replacing(#""profile": "calico""#, with: #""profile": "calico-ipip""#)
    }
}
