; Offers the app under "Open with" for tables, without taking them from the program that opens them today.
!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\RecommenderWorkbench.Table" "" "Table of ratings"
  WriteRegStr SHELL_CONTEXT "Software\Classes\RecommenderWorkbench.Table\DefaultIcon" "" "$appExe,0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\RecommenderWorkbench.Table\shell\open\command" "" '"$appExe" "%1"'
  WriteRegNone SHELL_CONTEXT "Software\Classes\.csv\OpenWithProgids" "RecommenderWorkbench.Table"
  WriteRegNone SHELL_CONTEXT "Software\Classes\.tsv\OpenWithProgids" "RecommenderWorkbench.Table"
  WriteRegNone SHELL_CONTEXT "Software\Classes\.parquet\OpenWithProgids" "RecommenderWorkbench.Table"
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\RecommenderWorkbench.Table"
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.csv\OpenWithProgids" "RecommenderWorkbench.Table"
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.tsv\OpenWithProgids" "RecommenderWorkbench.Table"
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.parquet\OpenWithProgids" "RecommenderWorkbench.Table"
!macroend
