package import Compiler
import JSONReader
package import Netlink
import NetworkState

/// Which topology a lab is of: commands that come later know no more than its name.
extension Lab {
    private static func memory(in stateDirectory: String) -> String { "\(stateDirectory)/lab/topology.json" }

    /// Call it within the lab.
    package func remember() throws(SystemError) {
        try createDirectories("\(stateDirectory)/lab")
        try replaceFile(Self.memory(in: stateDirectory), with: source.json.line)
    }

    /// Of the lab that this process has moved into; nil where none can be made out.
    package static func rememberedSource(in stateDirectory: String = stateDirectory) throws(SystemError) -> SourceText?
    {
        let text = try readFile(memory(in: stateDirectory))
        return (try? JSON(parsing: text)).flatMap(SourceText.init(json:))
    }
}
