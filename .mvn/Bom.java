import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Checks that the bill of materials is one: that it is of CycloneDX, names each component with its
 * version and package URL once, and has the modules of this project and the libraries that nothing
 * here runs without. A bill that has become empty would otherwise be published as such.
 *
 * <p>Arguments: the root of the repository, bom.xml, bom.json. Its schema is checked by the plugin
 * that writes it.
 */
final class Bom {

  private static final String NAMESPACE = "http://cyclonedx.org/schema/bom/";

  /** Far fewer than there are. */
  private static final int FEWEST = 100;

  private static final List<String> LIBRARIES =
      List.of(
          "pkg:maven/org.apache.kafka/kafka-clients@",
          "pkg:maven/org.apache.kafka/kafka-streams@",
          "pkg:maven/org.apache.avro/avro@",
          "pkg:maven/io.quarkus/quarkus-core@",
          "pkg:maven/com.dashjoin/jsonata@",
          "pkg:maven/org.rocksdb/rocksdbjni@");

  public static void main(String[] args) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Document bom = factory.newDocumentBuilder().parse(Path.of(args[1]).toFile());
    String namespace = String.valueOf(bom.getDocumentElement().getNamespaceURI());
    require(namespace.startsWith(NAMESPACE), "bom.xml is of " + namespace);
    Set<String> purls = new TreeSet<>();
    NodeList components = bom.getElementsByTagNameNS(namespace, "component");
    for (int i = 0; i < components.getLength(); i++) {
      Element component = (Element) components.item(i);
      if (!isListed(component, bom)) {
        continue; // the project itself, or the tool that has written the bill
      }
      String name = text(component, namespace, "name");
      require(!text(component, namespace, "version").isEmpty(), name + " has no version");
      String purl = text(component, namespace, "purl");
      require(purl.startsWith("pkg:maven/"), name + " has no package URL");
      require(purls.add(purl), purl + " is there twice");
    }
    require(purls.size() >= FEWEST, "there are " + purls.size() + " components only");
    for (String library : LIBRARIES) {
      require(purls.stream().anyMatch(purl -> purl.startsWith(library)), library + " is missing");
    }
    Matcher modules =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(Files.readString(Path.of(args[0], "pom.xml")));
    while (modules.find()) {
      String module =
          "pkg:maven/io.stepstream/" + artifact(Path.of(args[0], modules.group(1))) + "@";
      require(purls.stream().anyMatch(purl -> purl.startsWith(module)), module + " is missing");
    }
    String json = Files.readString(Path.of(args[2]));
    require(json.contains("\"bomFormat\" : \"CycloneDX\""), "bom.json is not CycloneDX's");
    for (String purl : purls) {
      require(json.contains('"' + purl + '"'), purl + " is in bom.xml and not in bom.json");
    }
    System.out.println("The bill of materials names " + purls.size() + " components.");
  }

  /** What the project of a module calls itself; its parent's name comes before that. */
  private static String artifact(Path module) throws IOException {
    String project = Files.readString(module.resolve("pom.xml"));
    Matcher name =
        Pattern.compile("</parent>.*?<artifactId>([^<]+)</artifactId>", Pattern.DOTALL)
            .matcher(project);
    require(name.find(), module + " has no artifact");
    return name.group(1);
  }

  private static boolean isListed(Element component, Document bom) {
    return component.getParentNode().getLocalName().equals("components")
        && component.getParentNode().getParentNode() == bom.getDocumentElement();
  }

  /** Of a direct child: components may hold others. */
  private static String text(Element component, String namespace, String child) {
    NodeList children = component.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i) instanceof Element element
          && element.getLocalName().equals(child)
          && namespace.equals(element.getNamespaceURI())) {
        return element.getTextContent();
      }
    }
    return "";
  }

  private static void require(boolean met, String problem) {
    if (!met) {
      System.err.println("The bill of materials is wrong: " + problem);
      System.exit(1);
    }
  }
}
