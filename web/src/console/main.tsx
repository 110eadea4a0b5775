// Where the console begins.
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./console.css";
import { keptTheme, wear } from "./frame/theme.ts";

wear(keptTheme());
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
